-- The database `shop` and its owner, made by a superuser, whom no program of the shop ever is:
--
--   SHOP_DATABASE_PASSWORD=... psql -U postgres -f deploy/owner.sql
--
-- Extensions are made here too: those of another server may be a superuser's to make.
\set ON_ERROR_STOP on
\getenv password SHOP_DATABASE_PASSWORD
CREATE ROLE shop LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'password';
CREATE DATABASE shop OWNER shop;
REVOKE ALL ON DATABASE shop FROM PUBLIC;
\connect shop
CREATE EXTENSION pg_trgm;
CREATE EXTENSION unaccent;
CREATE EXTENSION fuzzystrmatch;

// On a narrow screen the tabs scroll: show the one whose page this is.
document
  .querySelector(".console-tabs [aria-current]")
  ?.scrollIntoView({ block: "nearest", inline: "center" });

"""The bus: rules that need neither broker nor worker."""

"""The shared shell of every page: layouts, components, assets. It knows no service."""

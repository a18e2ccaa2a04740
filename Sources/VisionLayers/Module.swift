// VisionLayers: see ARCHITECTURE.md.

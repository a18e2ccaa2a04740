// VisionModel: see ARCHITECTURE.md.

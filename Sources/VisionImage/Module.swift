// VisionImage: see ARCHITECTURE.md.

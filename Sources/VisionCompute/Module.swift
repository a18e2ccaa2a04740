// VisionCompute: see ARCHITECTURE.md.

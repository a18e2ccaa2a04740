// VisionRuntime: see ARCHITECTURE.md.

// VisionGraph: see ARCHITECTURE.md.

@_exported import VisionCompute
@_exported import VisionGraph
@_exported import VisionImage
@_exported import VisionLayers
@_exported import VisionModel
@_exported import VisionRuntime
@_exported import VisionTensor
@_exported import VisionTraining

@_exported import VisionCompute
@_exported import VisionGraph
@_exported import VisionImage
@_exported import VisionLayers
@_exported import VisionModel
@_exported import VisionRuntime
@_exported import enum VisionSystem.UserFolders
@_exported import protocol VisionSystem.VisionError
@_exported import VisionTensor
@_exported import VisionTraining

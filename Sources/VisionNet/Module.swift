@_exported public import VisionCompute
@_exported public import VisionData
@_exported public import VisionGraph
@_exported public import VisionImage
@_exported public import VisionInference
@_exported public import VisionLayers
@_exported public import VisionModel
@_exported public import VisionRuntime
@_exported public import VisionStore
@_exported public import enum VisionSystem.Blame
@_exported public import enum VisionSystem.JSON
@_exported public import enum VisionSystem.UserFolders
@_exported public import protocol VisionSystem.ErrorKind
@_exported public import protocol VisionSystem.VisionError
@_exported public import struct VisionSystem.TrainingError
@_exported public import VisionTasks
@_exported public import VisionTensor
@_exported public import VisionTraining

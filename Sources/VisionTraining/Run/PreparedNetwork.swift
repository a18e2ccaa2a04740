import VisionGraph
import VisionModel
import VisionTensor

/// The network of a run with the task's own layers, and the weights that training begins with.
struct PreparedNetwork: Sendable {
  var graph: Graph
  var parameters: Parameters
  /// The name of the value that is the embedding of a sample; nil if there is none.
  var embedding: String?
  /// The path of the task's own layers.
  var head: String
  /// Whether the weights before the head were trained on other data.
  var isPretrained: Bool
  /// The model whose other entries the trained one keeps; nil if they follow from the task.
  var model: Model?
}

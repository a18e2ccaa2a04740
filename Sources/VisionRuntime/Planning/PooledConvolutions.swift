import VisionGraph
import VisionTensor

/// Convolutions whose result only a pooling reads, and is too large for the caches as a whole: both had better be computed one
/// picture of the batch after the other.
struct PooledConvolutions {
  /// The convolution, by the number of the pooling's node.
  private(set) var convolutions: [Int: Int] = [:]
  /// The numbers of these convolutions.
  private(set) var links: Set<Int> = []

  /// Results up to this size are still there when the next step reads them.
  private static let cachedBytes = 8 << 20

  /// - Parameter isAlone: whether a convolution is a step of its own otherwise.
  init(in graph: Graph, isAlone: (Int) -> Bool) {
    var producers: [Int: Int] = [:]
    for (index, node) in graph.nodes.enumerated() { producers[node.outputs[0].index] = index }
    let uses = graph.useCounts
    let outputs = Set(graph.outputs.map(\.value.index))
    for (index, node) in graph.nodes.enumerated() where node.operation is MaxPool {
      guard let value = node.inputs[0], uses[value.index] == 1, !outputs.contains(value.index),
        let producer = producers[value.index], isAlone(producer)
      else { continue }
      let fact = graph.fact(value)
      guard fact.shape.rank == 4, fact.shape[0] > 1,
        fact.shape.elementCount * fact.type.byteCount > Self.cachedBytes
      else { continue }
      switch graph.nodes[producer].operation {
      case let fused as FusedConv where !fused.hasResidual: break
      case let quantized as QuantizedConv where !quantized.hasResidual: break
      default: continue
      }
      convolutions[index] = producer
      links.insert(producer)
    }
  }
}

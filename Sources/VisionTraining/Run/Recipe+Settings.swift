import VisionGraph
import VisionSystem
import VisionTensor

extension Recipe.Part {
  /// The factor by which the learning rate falls from one block to the block before it.
  static let rateDecay: Float = 0.9

  /// Restricts training to this part.
  ///
  /// In a pretrained network, earlier blocks learn more slowly, and all running statistics stay those of the
  /// large dataset. In other networks, only the running statistics of frozen layers stay.
  ///
  /// - Parameters:
  ///   - head: the path of the task's own layers.
  ///   - headRate: the factor of their learning rate in a pretrained network.
  func restrict(
    _ settings: inout TrainerSettings, _ graph: Graph, head: String, headRate: Float, isPretrained: Bool
  ) {
    let blocks = NetworkBlocks(graph, head: head)
    let count = blocks.blocks.count
    let first =
      switch self {
      case .head: count
      case .blocks(let number): max(0, count - number)
      case .all: 0
      }
    settings.isTrained = { name in blocks.index(of: name).map { $0 >= first } ?? true }
    settings.keepsStatistics = { name in blocks.index(of: name).map { isPretrained || $0 < first } ?? false }
    guard isPretrained else { return }
    settings.rateFactor = { name in
      guard let block = blocks.index(of: name) else { return headRate }
      return (block..<count).reduce(Float(1)) { factor, _ in factor * Self.rateDecay }
    }
  }
}

/// A store of weights as one node sees it.
///
/// Weights are kept by the names of nodes, which say what they are computed from as long as that is parameters of one model. A
/// constant is part of a graph, and may differ in another one that has the same names, such as the same network for another
/// size of its input: what depends on constants is kept by their contents, too.
struct NodeWeights {
  let store: WeightStore
  /// A hash of the constants that the node's weights depend on; nil for none.
  let origin: UInt64?

  /// `WeightStore.packed`, for the weights of this node.
  func packed(_ key: String, floats: Int, parts: Int = 1, _ pack: @escaping PackingJob.Body) -> PackedWeights
  {
    store.packed(Self.key(key, origin), floats: floats, parts: parts, pack)
  }

  static func key(_ key: String, _ origin: UInt64?) -> String {
    origin.map { "\(key) #\(String($0, radix: 16))" } ?? key
  }
}

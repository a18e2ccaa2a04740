import VisionTensor
import VisionGraph

/// Runs the nodes at the start of a network on a few images of a large batch at a time, so that the result of
/// a node is still in the caches when the next node reads it.
///
/// The last of these nodes is a pooling, and the rest of the network reads nothing but its result. The choice
/// of nodes and the number of images in a part depend on shapes alone, so results depend on neither the
/// machine nor the number of threads.
struct BatchParts: FusionPass {
  /// The operands and results of a node are assumed to stay in the caches up to `cachedBytes` for a part, and
  /// to be evicted above `nearBytes` for the whole batch.
  private static let cachedBytes = 16 << 20
  private static let nearBytes = 8 << 20
  /// Parts of fewer images would not keep all threads busy where the images are small.
  private static let fewestImages = 4

  func run(_ draft: inout StepDraft, _ machine: Machine) {
    guard let batch = draft.graph.inputs.first.map({ draft.graph.fact($0).shape })?.first,
      batch > Self.fewestImages
    else { return }
    var choice: (nodes: Int, images: Int, saved: Double)?
    let traffic = Traffic(in: draft.graph, isConstant: draft.isConstant, batch: batch)
    for images in (Self.fewestImages..<batch).reversed() where batch % images == 0 {
      // Every part reads the weights again. A byte of weights costs as much as a byte that stays in the
      // caches saves.
      var saved = 0.0
      for (index, node) in traffic.nodes.enumerated() {
        let whole = node.bytes * batch
        if whole > Self.nearBytes, node.bytes * images <= Self.cachedBytes { saved += Double(whole) }
        saved -= Double(node.weightBytes) * Double(batch / images - 1)
        if node.canBeLast, saved > choice?.saved ?? 0 { choice = (index + 1, images, saved) }
      }
    }
    guard let choice else { return }
    let nodes = traffic.nodes[..<choice.nodes]
    draft.divide(
      into: batch / choice.images, nodes: nodes[choice.nodes - 1].index + 1, images: nodes.flatMap(\.images))
  }
}

/// The reads and writes of the nodes at the start of a network, up to the first that does not compute each
/// image by itself.
private struct Traffic {
  struct Node {
    /// Its number in the graph.
    let index: Int
    /// The values that it reads and makes, without constants.
    let images: [ValueID]
    /// Their bytes for one image.
    let bytes: Int
    let weightBytes: Int
    /// Whether it is a pooling, and later nodes read nothing but its result.
    let canBeLast: Bool
  }

  private(set) var nodes: [Node] = []

  init(in graph: Graph, isConstant: [Bool], batch: Int) {
    func bytes(_ values: [ValueID]) -> Int {
      Set(values).reduce(0) { $0 + graph.fact($1).shape.elementCount * graph.fact($1).type.byteCount }
    }
    let lastReaders = Self.lastReaders(in: graph)
    // Values that change between runs and have readers ahead.
    var open = Set(graph.inputs)
    for (index, node) in graph.nodes.enumerated() {
      if node.outputs.allSatisfy({ isConstant[$0.index] }) { continue }
      guard let images = Self.images(of: node, in: graph, isConstant: isConstant, batch: batch) else {
        return
      }
      let weights = node.inputs.compactMap { $0 }.filter { isConstant[$0.index] }
      open = open.union(node.outputs).filter { lastReaders[$0.index] > index }
      let isPooling =
        node.operation is any Pooling || node.operation is any GlobalPooling
        || node.operation is QuantizedGlobalAveragePool
      nodes.append(
        Node(
          index: index, images: images + node.outputs, bytes: bytes(images + node.outputs) / batch,
          weightBytes: bytes(weights),
          canBeLast: isPooling && open == Set(node.outputs)
            && lastReaders[node.outputs[0].index] < graph.nodes.count))
    }
  }

  /// The last node that reads each value; the number of nodes for values that the graph returns.
  private static func lastReaders(in graph: Graph) -> [Int] {
    var last = [Int](repeating: -1, count: graph.values.count)
    for (index, node) in graph.nodes.enumerated() {
      for case let input? in node.inputs { last[input.index] = index }
    }
    for output in graph.outputs { last[output.value.index] = graph.nodes.count }
    return last
  }

  /// The images that a node reads; nil unless it computes each image by itself and reads nothing else that
  /// changes between runs.
  private static func images(of node: Graph.Node, in graph: Graph, isConstant: [Bool], batch: Int)
    -> [ValueID]?
  {
    func areImages(_ value: ValueID) -> Bool {
      let fact = graph.fact(value)
      return fact.shape.rank == 4 && fact.shape[0] == batch && fact.value == nil
    }
    let changing = node.inputs.indices.filter { node.inputs[$0].map { !isConstant[$0.index] } ?? false }
    let images = changing.compactMap { node.inputs[$0] }
    guard !images.isEmpty, (images + node.outputs).allSatisfy(areImages), node.outputs.count == 1,
      let places = node.operation.sampleInputs(node.inputs.map { $0.map { graph.fact($0) } }),
      Set(changing).isSubset(of: places)
    else { return nil }
    // Constants among the images must be the same for every image.
    let isShared = places.subtracting(changing).allSatisfy { place in
      guard place < node.inputs.count, let value = node.inputs[place] else { return true }
      let shape = graph.fact(value).shape
      return shape.rank < 4 || shape.rank == 4 && shape[0] == 1
    }
    return isShared ? images : nil
  }
}

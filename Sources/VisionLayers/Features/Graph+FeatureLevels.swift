package import VisionGraph
import VisionTensor

extension Graph {
  /// The network up to its feature maps at these strides, for images of these sides (H, W), to which nodes can be added.
  ///
  /// - Throws: `GraphError` as `featureLevels` does, or where the network does not take images of these sides.
  package func features(strides: [Int], sides: [Int]) throws(GraphError) -> (GraphBuilder, FeatureLevels) {
    let (builder, values) = try cut(to: featureLevels(strides: strides), sides: sides)
    return (builder, FeatureLevels(levels: zip(strides, values).map { (stride: $0, value: $1) }))
  }

  /// The nodes that these values depend on, without those that only others read.
  ///
  /// - Parameter sides: H and W of the images, where they are to be others than those of the graph.
  package func cut(to wanted: [ValueID], sides: [Int]? = nil) throws(GraphError) -> (GraphBuilder, [Value]) {
    let cut = GraphBuilder(extending: self)
    for value in wanted { try cut.output(self[value].name, cut.value(value)) }
    var body = try DeadNodeRemoval().run(cut.graph)
    let values = body.outputs.map(\.value)
    if let sides { body = try body.resized(sides) }
    let builder = GraphBuilder(extending: body)
    return (builder, values.map { builder.value($0) })
  }

  /// The feature maps of a network at these strides, on which layers for other tasks can be built.
  ///
  /// That of stride s is the last value N×C×⌈H/s⌉×⌈W/s⌉ for an input N×C×H×W that all later values depend on it
  /// through, so that nothing of the network's depth is lost. Where that value is only a pointwise widening of a
  /// narrower one, as before the stride of an inverted residual block (Sandler et al., "MobileNetV2", 2018), it is
  /// the narrower one, which says the same in fewer channels.
  ///
  /// - Throws: `GraphError` with code `structure` where the input is not N×C×H×W, or there is no such value.
  package func featureLevels(strides: [Int]) throws(GraphError) -> [ValueID] {
    guard let input = inputs.first, inputs.count == 1, fact(input).shape.rank == 4 else {
      throw GraphError(.structure, "the network does not take images N×C×H×W")
    }
    let (sides, waists) = (Array(fact(input).shape.dimensions.suffix(2)), waists(from: input))
    var levels: [ValueID] = []
    for stride in strides {
      let wanted = sides.map { ($0 - 1) / max(stride, 1) + 1 }
      let found = waists.filter { Array(fact($0).shape.dimensions.suffix(2)) == wanted }
      guard let last = found.last else {
        throw GraphError(
          .structure,
          "the network has no feature map of \(wanted[0])×\(wanted[1]), which is stride \(stride)",
          remedy: "use a network that halves the sides of its images step by step, such as efficientnet-lite0"
        )
      }
      levels.append(narrowed(last, Set(found)))
    }
    return levels
  }

  /// The values N×C×H×W that every later value depends on the input through, in the order of the nodes.
  private func waists(from input: ValueID) -> [ValueID] {
    var lastUses = [Int](repeating: -1, count: values.count)
    for (index, node) in nodes.enumerated() {
      for case let value? in node.inputs { lastUses[value.index] = index }
    }
    var live: Set<ValueID> = [input]
    var depends = live
    var waists: [ValueID] = []
    for (index, node) in nodes.enumerated() {
      let read = node.inputs.compactMap { $0 }
      guard read.contains(where: { depends.contains($0) }) else { continue }
      // What follows from shapes alone is no feature.
      let outputs = node.outputs.filter { fact($0).value == nil }
      depends.formUnion(outputs)
      live.formUnion(outputs)
      live = live.filter { lastUses[$0.index] > index || lastUses[$0.index] == -1 && outputs.contains($0) }
      if live.count == 1, let value = live.first, outputs.contains(value), fact(value).shape.rank == 4 {
        waists.append(value)
      }
    }
    return waists
  }

  /// The narrower value among `waists` of which `value` is a pointwise function; else itself.
  private func narrowed(_ value: ValueID, _ waists: Set<ValueID>) -> ValueID {
    var (current, narrow) = (value, value)
    while let node = producer(of: current), let input = node.inputs.first ?? nil, waists.contains(input) {
      let channels = fact(input).shape[1]
      switch node.operation {
      case let conv as Conv:
        guard conv.groups == 1, conv.window.kernel.allSatisfy({ $0 == 1 }),
          2 * channels <= fact(current).shape[1]
        else { return narrow }
        narrow = input
      case is BatchNormalization: break
      default:
        guard node.operation.elementFunction(node.inputs.map { $0.map { fact($0) } }) != nil else {
          return narrow
        }
      }
      current = input
    }
    return narrow
  }
}

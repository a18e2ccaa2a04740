import VisionGraph
import VisionLayers
import VisionModel
import VisionSystem
import VisionTensor
import VisionTraining

/// What a detector lends to another one that is trained from it: the network up to its feature maps, and, if VisionNet has
/// trained it, the layers behind these.
struct DetectorBackbone {
  /// The network without what makes a detector of it.
  let model: Model
  /// The weights of its head, with numbers of classes of the same names; nil where the head is another one.
  private(set) var head: Parameters?
  /// The classes, of those to be found, that the head knows.
  private(set) var known: [String] = []

  /// - Parameters:
  ///   - pretrained: a detector.
  ///   - head: that of the new one.
  ///   - classes: those that the new one finds.
  ///   - seed: of the random numbers for classes that are new.
  /// - Throws: `GraphError` where the network has no such feature maps.
  init(_ pretrained: Model, head: DetectionHead, classes: [String], seed: UInt64) throws(GraphError) {
    let graph = pretrained.graph
    if let features = Self.laterals(of: pretrained, head.strides) {
      model = try Self.body(pretrained, features)
      if DetectionHead(pretrained.signature.details).bins == head.bins {
        let own = Self.adopted(pretrained, classes, head.strides, seed)
        (self.head, known) = (own, classes.filter { pretrained.labels.contains($0) })
      }
      return
    }
    // The features of the coarsest stride lie before those of the coarser ones that many detectors add; without what reads
    // the finer ones besides, the network is a chain again.
    guard let coarsest = head.strides.last, let deepest = Self.deepest(graph, stride: coarsest) else {
      model = pretrained
      return
    }
    model = try Self.body(pretrained, [deepest])
  }

  /// What the levels of VisionNet's head are made of; nil for other networks.
  private static func laterals(of model: Model, _ strides: [Int]) -> [ValueID]? {
    guard model.head == ObjectDetection.headPath else { return nil }
    let found = strides.compactMap { stride -> ValueID? in
      guard let weight = model.graph.value(named: "\(ObjectDetection.headPath).lateral\(stride).conv.weight")
      else { return nil }
      return model.graph.nodes.first { $0.inputs.count > 1 && $0.inputs[1] == weight }?.inputs[0]
    }
    return found.count == strides.count ? found : nil
  }

  /// The last feature map of a stride on which a coarser one depends; nil where there is none.
  private static func deepest(_ graph: Graph, stride: Int) -> ValueID? {
    guard let input = graph.inputs.first, graph.fact(input).shape.rank == 4 else { return nil }
    let sides = Array(graph.fact(input).shape.dimensions.suffix(2))
    let wanted = sides.map { ($0 - 1) / stride + 1 }
    var (last, result): (ValueID?, ValueID?)
    for node in graph.nodes {
      guard let output = node.outputs.first, graph.fact(output).shape.rank == 4 else { continue }
      let extents = Array(graph.fact(output).shape.dimensions.suffix(2))
      if extents == wanted { last = output }
      let isCoarser = zip(extents, wanted).allSatisfy { $0 < $1 }
      if isCoarser, let read = node.inputs.first ?? nil, graph.fact(read).shape.rank == 4,
        Array(graph.fact(read).shape.dimensions.suffix(2)) == wanted
      {
        result = read
      }
    }
    return result ?? last
  }

  /// The network that computes these values and nothing else.
  private static func body(_ pretrained: Model, _ values: [ValueID]) throws(GraphError) -> Model {
    let (builder, kept) = try pretrained.graph.cut(to: values)
    for value in kept { try builder.output(builder.graph[value.id].name, value) }
    let graph = builder.graph
    var parameters = Parameters()
    for (_, name, _, _) in graph.parameters { parameters[name] = pretrained.parameters[name] }
    return Model(
      graph: graph, parameters: parameters, preprocessing: pretrained.preprocessing,
      provenance: pretrained.provenance)
  }

  /// The weights of a head for other classes: the rows of the same names, and random ones for the others, as a new head has
  /// them.
  private static func adopted(
    _ pretrained: Model, _ classes: [String], _ strides: [Int], _ seed: UInt64
  ) -> Parameters {
    let path = ObjectDetection.headPath
    let rows = classes.map { pretrained.labels.firstIndex(of: $0) }
    var result = Parameters()
    for (name, tensor) in pretrained.parameters where name.hasPrefix("\(path).") {
      let isOfClasses = strides.contains { name.hasPrefix("\(path).classes\($0).") }
      guard isOfClasses else {
        result[name] = tensor
        continue
      }
      guard tensor.elementType == .float32, tensor.shape.rank > 0, tensor.shape[0] == pretrained.labels.count
      else { continue }
      let (numbers, width) = (tensor.floats, tensor.elementCount / tensor.shape[0])
      let isBias = tensor.shape.rank == 1
      let fresh =
        isBias
        ? [Float](repeating: DetectionHead.startingOdds, count: classes.count)
        : Philox(seed: seed).normal(count: classes.count * width, stream: UInt64(name.utf8.count)).map {
          $0 * DetectionHead.startingDeviation
        }
      var values = fresh
      for (index, row) in rows.enumerated() {
        guard let row else { continue }
        values.replaceSubrange(
          index * width..<(index + 1) * width, with: numbers[row * width..<(row + 1) * width])
      }
      result[name] = Tensor(
        values, shape: Shape([classes.count] + tensor.shape.dimensions.dropFirst()))
    }
    return result
  }
}

import VisionTensor

extension Resize {
  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes([
      "antialias", "axes", "coordinate_transformation_mode", "cubic_coeff_a", "exclude_outside",
      "extrapolation_value", "keep_aspect_ratio_policy", "mode", "nearest_mode",
    ])
    if node.opset < 11 { return [try version10(node, in: graph)] }
    if try node.flag("antialias") { throw node.unsupported("antialias 1") }
    let policy = try node.string("keep_aspect_ratio_policy") ?? "stretch"
    guard policy == "stretch" else { throw node.unsupported("keep_aspect_ratio_policy '\(policy)'") }
    let x = try node.input(0)
    let sampling = try sampling(node)
    var roi = sampling.coordinates == .tensorFlowCropAndResize ? node.optionalInput(1) : nil
    // Before opset 13, empty tensors represented absent inputs.
    var scales = node.optionalInput(2).flatMap { $0.shape == [0] ? nil : $0 }
    var sizes = node.optionalInput(3).flatMap { $0.shape == [0] ? nil : $0 }
    if let axes = try node.ints("axes"), axes != Array(0..<x.shape.rank) {
      scales = try scales.map { (value) throws(GraphError) in
        try spread(value, over: axes, rank: x.shape.rank, else: [1], "scales", node)
      }
      roi = try roi.map { (value) throws(GraphError) in
        try spread(value, over: axes, rank: x.shape.rank, else: [0, 1], "roi", node)
      }
      sizes = try sizes.map { (value) throws(GraphError) in
        // The other axes keep the extents of x, which depend on the binding: the extents are multiplied by 0
        // or 1.
        let given = try spread(value, over: axes, rank: x.shape.rank, else: [0], "sizes", node)
        let kept = (0..<x.shape.rank).map { axes.contains($0) || axes.contains($0 - x.shape.rank) ? 0 : 1 }
        let extents = try graph.add(ShapeOf(), x, name: "\(node.name).extents")
        let others = try graph.add(
          Mul(), extents, graph.constant(ints: kept, name: "\(node.name).kept"), name: "\(node.name).others")
        return try graph.add(Add(), others, given, name: "\(node.name).sizes.full")
      }
    }
    return [try graph.add(Resize(sampling), x, roi, scales, sizes, name: node.name)]
  }

  private static func sampling(_ node: ImportedNode) throws(GraphError) -> ResizeSampling {
    var sampling = ResizeSampling()
    if let name = try node.string("mode") {
      guard let mode = ResizeSampling.Mode(rawValue: name) else { throw node.unsupported("mode '\(name)'") }
      sampling.mode = mode
    }
    if let name = try node.string("coordinate_transformation_mode") {
      guard let coordinates = ResizeSampling.Coordinates(rawValue: name) else {
        throw node.unsupported("coordinate_transformation_mode '\(name)'")
      }
      sampling.coordinates = coordinates
    }
    if let name = try node.string("nearest_mode") {
      guard let rounding = ResizeSampling.Rounding(rawValue: name) else {
        throw node.unsupported("nearest_mode '\(name)'")
      }
      sampling.rounding = rounding
    }
    sampling.cubicCoefficient = try node.float("cubic_coeff_a") ?? sampling.cubicCoefficient
    sampling.excludesOutside = try node.flag("exclude_outside")
    sampling.extrapolation = try node.float("extrapolation_value") ?? 0
    return sampling
  }

  /// Opset 10: scales only, positions x / scale. Nearest rounds positions down when enlarging, up when
  /// shrinking.
  private static func version10(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> Value {
    try node.allowAttributes(["mode"])
    var sampling = try sampling(node)
    sampling.coordinates = .asymmetric
    sampling.rounding = .floor
    let scales = try node.input(1)
    let factors = scales.fact.value?.doubles ?? []
    if sampling.mode == .nearest, factors.contains(where: { $0 < 1 }) {
      if factors.contains(where: { $0 > 1 }) {
        throw node.unsupported("mode 'nearest' with scales both above and below 1")
      }
      sampling.rounding = .ceil
    }
    return try graph.add(Resize(sampling), node.input(0), nil, scales, name: node.name)
  }

  /// Numbers for all axes from numbers for some axes, which opset 18 allows.
  private static func spread(
    _ value: Value, over axes: [Int], rank: Int, else defaults: [Double], _ part: String, _ node: ImportedNode
  ) throws(GraphError) -> Value {
    guard let given = value.fact.value?.doubles else {
      throw node.lacksValue("axes with \(part)")
    }
    guard given.count == axes.count * defaults.count, axes.allSatisfy({ $0 >= -rank && $0 < rank }) else {
      throw GraphError(
        .shape, "Resize: \(part) \(given) do not fit axes \(axes) of rank \(rank)", place: node.name)
    }
    var full = defaults.flatMap { [Double](repeating: $0, count: rank) }
    for (index, axis) in axes.enumerated() {
      for part in defaults.indices {
        full[(axis < 0 ? axis + rank : axis) + part * rank] = given[index + part * axes.count]
      }
    }
    let tensor = Tensor(doubles: full, shape: [full.count], elementType: value.fact.type)
    return value.graph.constant(tensor, name: "\(node.name).\(part)")
  }
}

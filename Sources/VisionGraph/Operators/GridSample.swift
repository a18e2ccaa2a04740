public import VisionTensor

/// y[n, c, p…] = x[n, c] at the position grid[n, p…], interpolated; positions are from −1 to 1 along each axis, that of the
/// last axis first. ONNX GridSample, opset 16 (axes other than two: 20).
///
/// Inputs: x N×C×spatial, a floating-point type, for `nearest` any; grid N×output×axes, a floating-point type.
public struct GridSample: Operator {
  public static let name = "GridSample"
  public var sampling: GridSampling
  /// Whether x has other than two spatial axes, which opset 16 does not have.
  public var isVolumetric: Bool

  public init(_ sampling: GridSampling = GridSampling(), isVolumetric: Bool = false) {
    self.sampling = sampling
    self.isVolumetric = isVolumetric
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: sampling.mode == .nearest ? .all : .floats)
    let grid = try ShapeRule.required(inputs, 1, types: .floats)
    let axes = x.shape.rank - 2
    guard axes >= 1, axes <= 6, isVolumetric == (axes != 2), grid.shape.rank == axes + 2,
      grid.shape.last == axes, grid.shape[0] == x.shape[0]
    else {
      throw ShapeError(
        "grid \(grid.shape) does not fit input \(x.shape) with \(isVolumetric ? "other than " : "")two axes")
    }
    let shape = try ShapeRule.shape(
      Array(x.shape.dimensions.prefix(2) + grid.shape.dimensions.dropFirst().dropLast()), "shape")
    if shape.elementCount > 0, x.shape.elementCount == 0 {
      throw ShapeError("input \(x.shape) has no element to sample")
    }
    return [Fact(x.type, shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    let grid = try Reference.required(inputs, 1)
    let shape = try resolved(inputs)[0].shape
    if sampling.mode == .nearest { return [nearest(x, grid, shape)] }
    let (channels, plane, points) = Self.extents(x.shape, shape)
    let source = x.doubles
    var result = [Double](repeating: 0, count: shape.elementCount)
    forEachPoint(x.shape, grid) { image, point, axes in
      Self.forEachTap(axes, x.shape) { position, weight, _ in
        guard let position else { return }
        for channel in 0..<channels {
          let row = image * channels + channel
          result[row * points + point] += weight * source[row * plane + position]
        }
      }
    }
    return [Tensor(doubles: result, shape: shape, elementType: x.elementType)]
  }

  private func nearest(_ x: Tensor, _ grid: Tensor, _ shape: Shape) -> Tensor {
    let (channels, plane, points) = Self.extents(x.shape, shape)
    let size = x.elementType.byteCount
    return Tensor(elementType: x.elementType, shape: shape) { target in
      x.withUnsafeBytes { source in
        forEachPoint(x.shape, grid) { image, point, axes in
          Self.forEachTap(axes, x.shape) { position, _, _ in
            guard let position else { return }
            for channel in 0..<channels {
              let row = image * channels + channel
              let (from, to) = ((row * plane + position) * size, (row * points + point) * size)
              for byte in 0..<size { target[to + byte] = source[from + byte] }
            }
          }
        }
      }
    }
  }

  /// Channels, elements of a channel of x, and points of the grid of one image.
  package static func extents(_ x: Shape, _ y: Shape) -> (channels: Int, plane: Int, points: Int) {
    (x[1], x.dimensions.dropFirst(2).reduce(1, *), y.dimensions.dropFirst(2).reduce(1, *))
  }

  /// Calls `body` with the image, the number of the point and the taps along each spatial axis of x, for every point.
  package func forEachPoint(_ x: Shape, _ grid: Tensor, _ body: (Int, Int, [[GridSampling.Tap]]) -> Void) {
    let numbers = grid.doubles
    let axes = x.rank - 2
    let points = grid.shape.dimensions.dropFirst().dropLast().reduce(1, *)
    if x.elementCount == 0 { return }
    for image in 0..<x[0] {
      for point in 0..<points {
        let start = (image * points + point) * axes
        body(
          image, point,
          (0..<axes).map { axis in
            sampling.taps(
              numbers[start + axes - 1 - axis], extent: x[axis + 2], isDouble: grid.elementType == .float64)
          })
      }
    }
  }

  /// Calls `body` with every combination of taps: the position in a channel of x, nil where zeros stand, the product of the
  /// weights, and its derivative with respect to each axis.
  package static func forEachTap(
    _ axes: [[GridSampling.Tap]], _ x: Shape, _ body: (Int?, Double, [Double]) -> Void
  ) {
    Reference.forEachCoordinate(Shape(axes.map(\.count))) { at in
      let taps = at.indices.map { axes[$0][at[$0]] }
      var position: Int? = 0
      for (axis, tap) in taps.enumerated() {
        if let so = position, let index = tap.index {
          position = so * x[axis + 2] + index
        } else {
          position = nil
        }
      }
      let slopes = taps.indices.map { axis in
        taps.indices.reduce(1) { $0 * ($1 == axis ? taps[$1].slope : taps[$1].weight) }
      }
      body(position, taps.reduce(1) { $0 * $1.weight }, slopes)
    }
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    let parts = try node.add(GridSampleGradient(self), [node.gradient, node.input(0), node.input(1)])
    return [node.isWanted(0) ? parts[0] : nil, node.isWanted(1) ? parts[1] : nil]
  }

  public func sampleInputs(_ inputs: [Fact?]) -> Set<Int>? { [0, 1] }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["align_corners", "mode", "padding_mode"])
    try node.allowInputs(atMost: 2)
    var sampling = GridSampling(alignsCorners: try node.flag("align_corners"))
    if let name = try node.string("mode") {
      // Opset 20 has other names, which do not say the number of axes.
      let modes: [String: GridSampling.Mode] = [
        "bilinear": .linear, "linear": .linear, "bicubic": .cubic, "cubic": .cubic, "nearest": .nearest,
      ]
      guard let mode = modes[name] else { throw node.unsupported("mode '\(name)'") }
      sampling.mode = mode
    }
    if let name = try node.string("padding_mode") {
      guard let padding = GridSampling.Padding(rawValue: name) else {
        throw node.unsupported("padding_mode '\(name)'")
      }
      sampling.padding = padding
    }
    let isVolumetric = try node.input(0).shape.rank != 4
    return try graph.add(GridSample(sampling, isVolumetric: isVolumetric), node.inputs, name: node.name)
  }

  public func minimumOpset(_ inputs: [Fact?]) -> Int { isVolumetric ? 20 : 0 }

  public var attributes: Attributes {
    let name =
      switch sampling.mode {
      case .nearest: "nearest"
      case .linear: "bilinear"
      case .cubic: "bicubic"
      }
    return [
      "align_corners": .int(sampling.alignsCorners ? 1 : 0), "mode": .string(name),
      "padding_mode": .string(sampling.padding.rawValue),
    ]
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    let taps = [GridSampling.Mode.nearest: 0, .linear: 2, .cubic: 4][sampling.mode] ?? 0
    return GraphLimits.product(
      [2, outputs[0].shape.elementCount] + outputs[0].shape.dimensions.dropFirst(2).map { _ in taps })
  }
}

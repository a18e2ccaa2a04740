import VisionSystem
public import VisionTensor

/// y[r, c] = the region r of channel c, cut into bins of whole elements, and the largest element of each; 0 for a bin without
/// one. ONNX MaxRoiPool, opset 1.
///
/// Inputs: x N×C×H×W; regions R×5 (the number of the image, left, top, right, bottom) of the same floating-point type. Output:
/// R×C×height×width.
public struct MaxRoiPool: Operator {
  public static let name = "MaxRoiPool"
  /// The bins.
  public var height: Int
  public var width: Int
  /// Elements of x for each unit in which regions are given.
  public var scale: Float

  public init(height: Int, width: Int, scale: Float = 1) {
    self.height = height
    self.width = width
    self.scale = scale
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: .floats)
    let regions = try ShapeRule.required(inputs, 1, types: [x.type])
    guard x.shape.rank == 4, regions.shape.rank == 2, regions.shape[1] == 5, height > 0, width > 0 else {
      throw ShapeError(
        "regions \(regions.shape) and \(height)×\(width) bins do not fit input \(x.shape): R×5")
    }
    return [Fact(x.type, try ShapeRule.shape([regions.shape[0], x.shape[1], height, width], "the output"))]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    let fact = try resolved(inputs)[0]
    let source = x.doubles
    var result = [Double](repeating: 0, count: fact.shape.elementCount)
    try forEachBest(source, x.shape, Reference.required(inputs, 1)) { result[$0] = source[$1] }
    return [Tensor(doubles: result, shape: fact.shape, elementType: fact.type)]
  }

  /// Calls `body` with the number of the output element and that of the first largest element of its bin, for all bins that have one.
  package func forEachBest(_ source: [Double], _ x: Shape, _ regions: Tensor, _ body: (Int, Int) -> Void)
    throws(EvaluationError)
  {
    let numbers = regions.floats
    for region in 0..<regions.shape[0] {
      let side = Array(numbers[(region * 5)..<(region * 5 + 5)])
      guard side[0] >= 0, side[0] < Float(x[0]) else {
        throw EvaluationError("region \(region) is of image \(side[0]), but there are \(x[0])")
      }
      let image = Int(saturating: side[0])
      let rows = (0..<height).map { bin($0, of: height, side[2], side[4], extent: x[2]) }
      let columns = (0..<width).map { bin($0, of: width, side[1], side[3], extent: x[3]) }
      for channel in 0..<x[1] {
        let start = (image * x[1] + channel) * x[2] * x[3]
        for (row, ys) in rows.enumerated() {
          for (column, xs) in columns.enumerated() {
            let places = ys.flatMap { y in xs.map { start + y * x[3] + $0 } }
            // NaN is larger than all.
            let best = places.reduce(nil) { (best: Int?, place) in
              guard let best else { return place }
              return !source[best].isNaN && (source[place].isNaN || source[place] > source[best])
                ? place : best
            }
            if let best { body(((region * x[1] + channel) * height + row) * width + column, best) }
          }
        }
      }
    }
  }

  /// The elements of a bin along an axis. In single precision, like other runtimes, since rounding decides which they are.
  private func bin(_ bin: Int, of bins: Int, _ first: Float, _ last: Float, extent: Int) -> Range<Int> {
    let start = (first * scale).rounded(.toNearestOrAwayFromZero)
    let end = (last * scale).rounded(.toNearestOrAwayFromZero)
    let size = max(end - start + 1, 1) / Float(bins)
    func inside(_ position: Float) -> Int { min(max(Int(saturating: position), 0), extent) }
    let low = inside((Float(bin) * size).rounded(.down) + start)
    let high = inside((Float(bin + 1) * size).rounded(.up) + start)
    return low..<max(low, high)
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    if node.isWanted(1) { throw node.notDifferentiable("regions") }
    return try node.wanted { (_, x) throws(GraphError) in
      try node.add(MaxRoiPoolGradient(self), node.gradient, x, node.input(1))
    }
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["pooled_shape", "spatial_scale"])
    try node.allowInputs(atMost: 2)
    guard let shape = try node.ints("pooled_shape"), shape.count == 2 else {
      throw GraphError(.structure, "MaxRoiPool lacks pooled_shape, two numbers", place: node.name)
    }
    let pool = MaxRoiPool(height: shape[0], width: shape[1], scale: try node.float("spatial_scale") ?? 1)
    return try graph.add(pool, node.inputs, name: node.name)
  }

  public var attributes: Attributes {
    ["pooled_shape": .ints([height, width]), "spatial_scale": .float(scale)]
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    guard let x = inputs[0]?.shape, inputs.count > 1, let regions = inputs[1]?.shape else { return 0 }
    return GraphLimits.product([regions[0]] + x.dimensions.dropFirst())
  }
}

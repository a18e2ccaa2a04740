import VisionSystem
public import VisionTensor

/// A MaxPool that also says where each maximum stands. ONNX MaxPool, opset 12, with its output `Indices`.
///
/// Input: x as MaxPool takes it. Outputs: the maxima; their places among all elements of x, int64, the first of equals, −1 for a
/// window without an element.
public struct MaxPoolWithIndices: Operator {
  public static let name = "MaxPool"
  public var pool: MaxPool
  /// Whether the elements of a channel are counted with the first spatial axis fastest: ONNX's `storage_order` 1.
  public var countsColumns: Bool

  public init(_ pool: MaxPool, countsColumns: Bool = false) {
    self.pool = pool
    self.countsColumns = countsColumns
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let y = try pool.outputs(inputs)[0]
    return [y, Fact(.int64, y.shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    let facts = try resolved(inputs)
    let spatial = Array(x.shape.dimensions.dropFirst(2))
    let window: Window.Resolved
    do {
      window = try pool.window.resolved(spatial, ceiling: pool.ceiling)
    } catch { throw EvaluationError(error.message) }
    let taps = Conv.taps(of: pool.window, window, input: spatial)
    let plane = spatial.reduce(1, *)
    let source = x.doubles
    var (maxima, places): ([Double], [Int64]) = ([], [])
    for channel in 0..<(x.shape[0] * x.shape[1]) {
      for taps in taps {
        var best: Int?
        for tap in taps {
          let value = source[channel * plane + tap.position]
          guard let so = best else {
            best = tap.position
            continue
          }
          let old = source[channel * plane + so]
          if !old.isNaN, value.isNaN || value > old { best = tap.position }
        }
        maxima.append(best.map { source[channel * plane + $0] } ?? -.infinity)
        places.append(best.map { Int64(channel * plane + counted($0, spatial)) } ?? -1)
      }
    }
    return [
      Tensor(doubles: maxima, shape: facts[0].shape, elementType: x.elementType),
      Tensor(places, shape: facts[1].shape),
    ]
  }

  /// The number of an element of a channel.
  private func counted(_ position: Int, _ spatial: [Int]) -> Int {
    guard countsColumns else { return position }
    var (rest, number) = (position, 0)
    for (axis, extent) in spatial.enumerated().reversed() {
      number += rest % extent * spatial[..<axis].reduce(1, *)
      rest /= extent
    }
    return number
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    let x = try node.input(0)
    return [try node.add(PoolingGradient(pool), node.gradient, node.shape(of: x), x)]
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try MaxPool.build(node, in: graph)
  }

  public var attributes: Attributes {
    var attributes = pool.attributes
    attributes["storage_order"] = .int(countsColumns ? 1 : 0)
    return attributes
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { pool.flops(inputs, outputs) }
}

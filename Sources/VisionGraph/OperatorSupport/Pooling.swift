public import VisionTensor

/// An operator that maps the elements under a sliding window to one; conforming types define the function.
public protocol Pooling: Operator {
  var window: Window { get }
  /// Whether output extents are rounded up instead of down.
  var ceiling: Bool { get }
  /// The element types that are accepted.
  static var types: Set<ElementType> { get }
  /// The result for the elements under the window that lie inside the input.
  /// - Parameter area: the number of taps that lie inside the input or its padding. It is smaller than the
  ///   kernel when rounding up lets the window extend beyond the padding.
  func pool(_ elements: UnsafeBufferPointer<Double>, area: Int) -> Double
  /// The derivative of `pool` with respect to each of the elements.
  func derivatives(_ elements: [Double], area: Int) -> [Double]
  /// Whether `derivatives` depends on the elements and not only on their number.
  static var derivesFromElements: Bool { get }
}

extension Pooling {
  public static var types: Set<ElementType> { .floats }
  public static var derivesFromElements: Bool { true }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: Self.types)
    guard x.shape.rank >= 3 else {
      throw ShapeError("input \(x.shape) must have at least 3 axes: N×C×spatial")
    }
    let resolved = try window.resolved(Array(x.shape.dimensions.dropFirst(2)), ceiling: ceiling)
    return [Fact(x.type, Shape(x.shape.dimensions.prefix(2) + resolved.output))]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    let shape = try resolved(inputs)[0].shape
    let spatial = Array(x.shape.dimensions.dropFirst(2))
    let resolved: Window.Resolved
    do {
      resolved = try window.resolved(spatial, ceiling: ceiling)
    } catch { throw EvaluationError(error.message) }
    let taps = Conv.taps(of: window, resolved, input: spatial)
    let areas = Self.areas(of: window, resolved, input: spatial)
    let plane = spatial.reduce(1, *)
    let source = x.doubles
    var result: [Double] = []
    result.reserveCapacity(shape.elementCount)
    var elements = [Double](repeating: 0, count: window.kernel.reduce(1, *))
    for start in (0..<(shape[0] * shape[1])).map({ $0 * plane }) {
      for (taps, area) in zip(taps, areas) {
        for (index, tap) in taps.enumerated() { elements[index] = source[start + tap.position] }
        result.append(
          elements.withUnsafeBufferPointer {
            pool(UnsafeBufferPointer(rebasing: $0.prefix(taps.count)), area: area)
          })
      }
    }
    return [Tensor(doubles: result, shape: shape, elementType: x.elementType)]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    let x = try node.input(0)
    return [
      try node.add(
        PoolingGradient(self), node.gradient, node.shape(of: x), Self.derivesFromElements ? x : nil)
    ]
  }

  public func sampleInputs(_ inputs: [Fact?]) -> Set<Int>? { [0] }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    GraphLimits.product(outputs[0].shape.dimensions + window.kernel)
  }

  /// For every output position, the number of taps inside the input or its padding.
  package static func areas(of window: Window, _ resolved: Window.Resolved, input: [Int]) -> [Int] {
    var result: [Int] = []
    Reference.forEachCoordinate(Shape(resolved.output)) { output in
      var area = 1
      for axis in output.indices {
        let start = output[axis] * window.strides[axis] - resolved.before[axis]
        let end = input[axis] + resolved.after[axis]
        area *= (0..<window.kernel[axis]).count { start + $0 * window.dilations[axis] < end }
      }
      result.append(area)
    }
    return result
  }
}

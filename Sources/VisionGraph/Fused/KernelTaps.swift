package import VisionTensor

/// The taps of a convolution's kernel that lie in a range along each spatial axis: weights O×C×kernel become O×C×ranges.
///
/// Inputs: w, of rank 3 or more.
package struct KernelTaps: InternalOperator {
  package static let name = "KernelTaps"
  /// The taps that remain, for each spatial axis.
  package let ranges: [Range<Int>]

  package init(ranges: [Range<Int>]) { self.ranges = ranges }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let w = try ShapeRule.required(inputs, 0)
    let kernel = w.shape.dimensions.dropFirst(2)
    guard w.shape.rank >= 3, kernel.count == ranges.count,
      zip(kernel, ranges).allSatisfy({ $1.lowerBound >= 0 && $1.upperBound <= $0 })
    else { throw ShapeError("weights \(w.shape) do not have the taps \(ranges)") }
    return [Fact(w.type, Shape(Array(w.shape.dimensions.prefix(2)) + ranges.map(\.count)))]
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let w = try Reference.required(inputs, 0)
    let kernel = Shape(Array(w.shape.dimensions.dropFirst(2)))
    let first = zip(ranges, kernel.strides).reduce(0) { $0 + $1.0.lowerBound * $1.1 }
    let taps = Reference.indices(Shape(ranges.map(\.count)), steps: kernel.strides, start: first)
    let (planes, plane) = (w.shape[0] * w.shape[1], kernel.elementCount)
    let shape = Shape(Array(w.shape.dimensions.prefix(2)) + ranges.map(\.count))
    let size = w.elementType.byteCount
    let result = Tensor(elementType: w.elementType, shape: shape) { target in
      w.withUnsafeBytes { source in
        guard let from = source.baseAddress, var to = target.baseAddress else { return }
        for place in 0..<planes {
          for tap in taps {
            to.copyMemory(from: from + (place * plane + tap) * size, byteCount: size)
            to += size
          }
        }
      }
    }
    return [result]
  }
}

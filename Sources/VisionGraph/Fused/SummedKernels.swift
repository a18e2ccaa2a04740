package import VisionTensor

/// The weights of the one convolution that gives the sum of several over the same input.
///
/// Inputs: for each convolution its weights O×C/G×kernel, or a vector of O factors, which stands for a convolution of one
/// tap that multiplies each channel; all float32.
package struct SummedKernels: InternalOperator {
  package static let name = "SummedKernels"
  /// O×C/G×kernel of the sum.
  package let shape: Shape
  /// For each input, the place of its first tap in the kernel of the sum.
  package let starts: [[Int]]

  package init(shape: Shape, starts: [[Int]]) {
    self.shape = shape
    self.starts = starts
  }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    guard shape.rank >= 3, inputs.count == starts.count else {
      throw ShapeError("\(inputs.count) convolutions do not have \(starts.count) places")
    }
    for (index, start) in starts.enumerated() {
      let w = try ShapeRule.required(inputs, index, types: [.float32])
      let kernel = w.shape.rank == 1 ? start.map { _ in 1 } : Array(w.shape.dimensions.dropFirst(2))
      let fits = zip(zip(start, kernel), shape.dimensions.dropFirst(2)).allSatisfy {
        $0.0 >= 0 && $0.0 + $0.1 <= $1
      }
      guard w.shape.rank == 1 || w.shape.rank == shape.rank, w.shape[0] == shape[0],
        w.shape.rank == 1 || w.shape[1] == shape[1], start.count == shape.rank - 2, fits
      else { throw ShapeError("weights \(w.shape) at \(start) do not fit \(shape)") }
    }
    return [Fact(.float32, shape)]
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    var sums = [Double](repeating: 0, count: shape.elementCount)
    let strides = shape.strides
    for (index, start) in starts.enumerated() {
      let w = try Reference.required(inputs, index)
      let first = zip(start, strides.dropFirst(2)).reduce(0) { $0 + $1.0 * $1.1 }
      let places: [Int]
      if w.shape.rank == 1 {
        // Output o multiplies channel o, which is number o mod C/G of its group.
        places = (0..<shape[0]).map { $0 * strides[0] + $0 % shape[1] * strides[1] + first }
      } else {
        places = Reference.indices(w.shape, steps: strides, start: first)
      }
      for (place, value) in zip(places, w.doubles) { sums[place] += value }
    }
    return [Tensor(doubles: sums, shape: shape, elementType: .float32)]
  }
}

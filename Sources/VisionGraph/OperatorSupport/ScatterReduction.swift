package import VisionTensor
import VisionSystem

/// How an update is combined with the element at its place: ONNX's `reduction`.
public enum ScatterReduction: String, Sendable, Hashable {
  /// The update replaces the element; of several updates of one element the last one stays.
  case none
  case add, mul
  /// NaN counts as the smallest and as the largest number.
  case min, max

  /// Whether ONNX has it only since opset 18.
  var isLate: Bool { self == .min || self == .max }
}

extension ScatterReduction {
  /// The element types that can be combined.
  var types: Set<ElementType> { self == .none ? .all : .numbers }

  /// x after the updates, one after the other; floats are combined in `Double` and rounded once.
  package func scatter(_ updates: Tensor, into x: Tensor, at places: [Int]) -> Tensor {
    if self == .none { return replaced(updates, in: x, at: places) }
    if x.elementType.isFloatingPoint {
      let sums = combined(x.doubles, updates.doubles, places) { a, b in
        switch self {
        case .add, .none: a + b
        case .mul: a * b
        case .min: a.isNaN || b.isNaN ? .nan : Swift.min(a, b)
        case .max: a.isNaN || b.isNaN ? .nan : Swift.max(a, b)
        }
      }
      return Tensor(doubles: sums, shape: x.shape, elementType: x.elementType)
    }
    if let wide = x.values(as: UInt64.self), let given = updates.values(as: UInt64.self) {
      return Tensor(combined(wide, given, places, integers), shape: x.shape)
    }
    return Tensor(
      wrapping: combined(x.wrappedIntegers, updates.wrappedIntegers, places, integers), shape: x.shape,
      elementType: x.elementType)
  }

  private func integers<Number: FixedWidthInteger>(_ a: Number, _ b: Number) -> Number {
    switch self {
    case .none: b
    case .add: a &+ b
    case .mul: a &* b
    case .min: Swift.min(a, b)
    case .max: Swift.max(a, b)
    }
  }

  private func combined<Number>(
    _ x: [Number], _ updates: [Number], _ places: [Int], _ combine: (Number, Number) -> Number
  ) -> [Number] {
    var result = x
    for (place, update) in zip(places, updates) { result[place] = combine(result[place], update) }
    return result
  }

  private func replaced(_ updates: Tensor, in x: Tensor, at places: [Int]) -> Tensor {
    let size = x.elementType.byteCount
    return Tensor(elementType: x.elementType, shape: x.shape) { target in
      x.withUnsafeBytes { target.copyMemory(from: $0) }
      updates.withUnsafeBytes { source in
        for (from, to) in places.enumerated() {
          UnsafeMutableRawBufferPointer(rebasing: target[(to * size)..<((to + 1) * size)])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[(from * size)..<((from + 1) * size)]))
        }
      }
    }
  }

  /// The derivatives of the combination of `x` with the updates of one element, in their order, with respect to each of
  /// them, x first.
  func derivatives(_ x: Double, _ updates: [Double]) -> [Double] {
    let all = [x] + updates
    switch self {
    case .none: return all.indices.map { $0 == all.count - 1 ? 1 : 0 }
    case .add: return all.map { _ in 1 }
    case .mul:
      // The products of what stands before and behind each, since one of them may be zero.
      var (before, behind) = (all.map { _ in 1.0 }, all.map { _ in 1.0 })
      for index in all.indices.dropFirst() {
        before[index] = before[index - 1] * all[index - 1]
        let mirrored = all.count - 1 - index
        behind[mirrored] = behind[mirrored + 1] * all[mirrored + 1]
      }
      return zip(before, behind).map { $0 * $1 }
    case .max: return Reference.firstLargest(all)
    case .min: return Reference.firstLargest(all.map { -$0 })
    }
  }
}

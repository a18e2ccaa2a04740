import VisionSystem
import VisionTensor

/// How a parameter is initialized before training.
public enum Initializer: Sendable, Hashable {
  case zeros
  case ones
  /// These values again and again, in the order of the elements; no values are zeros.
  case repeated([Float])
  /// Normal with the given standard deviation.
  case normal(Float)
  /// Uniform in -bound..<bound.
  case uniform(Float)
  /// Normal with variance 2 / fan, where fan is outputs × kernel area (He et al. 2015, "fan out").
  case kaimingNormal
  /// Uniform with variance 2 / fan, where fan is inputs × kernel area (He et al. 2015, "fan in").
  case kaimingUniformFanIn
  /// Uniform with bound 1/√fan, where fan is inputs × kernel area: PyTorch's default for convolutions and
  /// dense layers.
  case kaimingUniform

  /// A tensor of values drawn from the random stream that `seed` and `name` determine.
  func tensor(shape: Shape, type: ElementType, seed: UInt64, name: String) -> Tensor {
    let count = shape.elementCount
    let area = shape.dimensions.dropFirst(2).reduce(1, *)
    let fanIn = Float(max((shape.rank > 1 ? shape[1] : 1) * area, 1))
    let fanOut = Float(max((shape.rank > 0 ? shape[0] : 1) * area, 1))
    let random = Philox(seed: seed)
    let stream = Self.stream(of: name)
    let values: [Float]
    switch self {
    case .zeros: values = [Float](repeating: 0, count: count)
    case .ones: values = [Float](repeating: 1, count: count)
    case .repeated(let list): values = (0..<count).map { list.isEmpty ? 0 : list[$0 % list.count] }
    case .normal(let deviation):
      values = random.normal(count: count, stream: stream).map { $0 * deviation }
    case .kaimingNormal:
      let deviation = (2 / fanOut).squareRoot()
      values = random.normal(count: count, stream: stream).map { $0 * deviation }
    case .uniform(let bound):
      values = random.uniform(count: count, stream: stream).map { (2 * $0 - 1) * bound }
    case .kaimingUniformFanIn:
      let bound = (6 / fanIn).squareRoot()
      values = random.uniform(count: count, stream: stream).map { (2 * $0 - 1) * bound }
    case .kaimingUniform:
      let bound = 1 / fanIn.squareRoot()
      values = random.uniform(count: count, stream: stream).map { (2 * $0 - 1) * bound }
    }
    return Tensor(values, shape: shape).converted(to: type)
  }

  /// FNV-1a of the name, which is stable between runs, unlike Swift's own hashes.
  static func stream(of name: String) -> UInt64 {
    name.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}

import VisionSystem

/// One of the named tensors that a sample consists of: what a network reads, or what its outputs are compared with.
///
/// N samples are a tensor N×…. Where a length differs from sample to sample, samples are padded to the largest one that there
/// may be, and a second tensor says how long each is.
public struct TensorSpec: Sendable, Hashable {
  /// How long one axis is.
  public enum Extent: Sendable, Hashable {
    /// The same in every sample.
    case fixed(Int)
    /// So many at most. A tensor `NAME.count` (int64 N) then says how many each sample has; a graph makes masks of it.
    case upTo(Int)

    /// The most that there can be.
    public var bound: Int {
      switch self {
      case .fixed(let count), .upTo(let count): count
      }
    }
  }

  /// What becomes of the tensor where samples are mixed, as MixUp and CutMix do.
  public enum Mixing: Sendable, Hashable {
    /// Its numbers are averaged.
    case linear
    /// It is a class in 0..<K (int64, a scalar for each sample). Mixed samples have K shares (float32) in its place.
    case classes(Int)
    /// Samples that have it cannot be mixed.
    case forbidden
  }

  /// The name of a graph's input.
  public var name: String
  public var type: ElementType
  /// The axes of one sample, outermost first, without N; one of them at most is `upTo`.
  public var shape: [Extent]
  /// What stands behind the end of a sample that is shorter than the bound.
  public var padding: Double
  public var mixing: Mixing

  public init(
    name: String, type: ElementType = .float32, shape: [Extent], padding: Double = 0,
    mixing: Mixing = .forbidden
  ) {
    (self.name, self.type, self.shape) = (name, type, shape)
    (self.padding, self.mixing) = (padding, mixing)
  }

  /// The extents of the memory for one sample.
  public var bounds: Shape { Shape(shape.map(\.bound)) }

  /// The axis whose extent differs from sample to sample; nil where none does.
  public var variableAxis: Int? {
    shape.firstIndex { if case .upTo = $0 { true } else { false } }
  }

  /// The tensor that goes with it where a length varies: how many each sample has.
  public var countSpec: TensorSpec? {
    variableAxis.map { _ in TensorSpec(name: "\(name).count", type: .int64, shape: []) }
  }

  /// What is wrong with specs that are to go together; nil when nothing is.
  package static func complaint(about specs: [TensorSpec]) -> String? {
    let names = specs.flatMap { [$0.name] + ($0.countSpec.map { [$0.name] } ?? []) }
    if Set(names).count != names.count {
      return "two tensors have the same name: \(names.joined(separator: ", "))"
    }
    for spec in specs {
      if spec.shape.count(where: { if case .upTo = $0 { true } else { false } }) > 1 {
        return "the tensor '\(spec.name)' has more than one axis of varying length"
      }
      if spec.bounds.checkedElementCount == nil {
        return "there is no tensor '\(spec.name)' of \(spec.bounds)"
      }
      if case .classes(let count) = spec.mixing, count < 1 || spec.type != .int64 || !spec.shape.isEmpty {
        return "classes are one int64 for each sample, which the tensor '\(spec.name)' is not"
      }
      if spec.mixing == .linear, spec.type != .float32 {
        return "the tensor '\(spec.name)' of type \(spec.type) cannot be averaged"
      }
      if spec.padding != 0, spec.type == .float16 || spec.type == .bfloat16 {
        return "the tensor '\(spec.name)' of type \(spec.type) can only be padded by zeros"
      }
    }
    return nil
  }
}

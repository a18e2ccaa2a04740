public import VisionTensor

/// A value of a program.
public enum ProgramValue: Sendable {
  /// A tensor of any type and shape.
  case tensor(Tensor)
  /// Tensors of one type, in order.
  case sequence([Tensor])
  /// An optional that holds nothing; one that holds something is that.
  case absent

  /// Bytes of its tensors.
  var byteCount: Int {
    switch self {
    case .tensor(let tensor): tensor.byteCount
    case .sequence(let tensors): tensors.reduce(0) { $0 + $1.byteCount }
    case .absent: 0
    }
  }
}

extension ProgramValue: CustomStringConvertible {
  public var description: String {
    switch self {
    case .tensor(let tensor): "\(tensor)"
    case .sequence(let tensors): "a sequence of \(tensors.count)"
    case .absent: "nothing"
    }
  }
}

import VisionGraph
import VisionTensor

/// What a TensorFlow node gives while its graph is translated.
enum FrozenValue {
  /// Numbers that follow from the file alone.
  case constant(Tensor)
  /// A value of the new graph. Images are channels-last for TensorFlow; if `isChannelsFirst`, the value holds its
  /// transpose N×C×H×W, as convolutions here want and give it.
  case computed(Value, isChannelsFirst: Bool)

  var type: ElementType {
    switch self {
    case .constant(let tensor): tensor.elementType
    case .computed(let value, _): value.fact.type
    }
  }

  /// The shape as TensorFlow sees it.
  var shape: [Int] {
    switch self {
    case .constant(let tensor): return tensor.shape.dimensions
    case .computed(let value, let isChannelsFirst):
      let shape = value.shape.dimensions
      return isChannelsFirst ? [shape[0], shape[2], shape[3], shape[1]] : shape
    }
  }

  var constant: Tensor? { if case .constant(let tensor) = self { tensor } else { nil } }
}

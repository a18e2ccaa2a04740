import VisionTensor
import VisionSystem

/// The numbers of random operators.
///
/// They follow from the operator's seed alone: the same at every run, on every machine and any number of threads. They are
/// Philox's (`Philox`), keyed by the bits of the seed, as multiples of 2⁻²⁴ in 0..<1.
enum RandomNumbers {
  static func generator(seed: Float) -> Philox { Philox(seed: UInt64(seed.bitPattern)) }

  /// The types that random operators give.
  static let types: Set<ElementType> = .floats
}

extension ImportedNode {
  /// The seed of a random operator: that of the file, else one that follows from the node's name, so that nodes differ.
  func seed() throws(GraphError) -> Float {
    // A number of 24 bits, which are exact in a file.
    try float("seed") ?? Float(Initializer.stream(of: name) >> 40)
  }

  /// The element type that an attribute names by ONNX's number; nil where it is absent.
  func type(_ attribute: String, in types: Set<ElementType>) throws(GraphError) -> ElementType? {
    guard let number = try int(attribute) else { return nil }
    guard let type = ElementType(onnx: number), types.contains(type) else {
      throw unsupported("\(attribute) \(ElementType.onnxName(number))")
    }
    return type
  }

  /// The shape that a random operator must name.
  func randomShape() throws(GraphError) -> Shape {
    guard let extents = try ints("shape") else {
      throw GraphError(.structure, "\(operatorName) lacks its shape", place: name)
    }
    return Shape(extents)
  }
}

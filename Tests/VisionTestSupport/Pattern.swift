public import VisionTensor

/// Float32 numbers that look random: element i is ((37 i + 11 seed) mod 41 − 20) / 8, exact in every float type.
public func pattern(_ shape: Shape, seed: Int = 0) -> Tensor {
  Tensor((0..<shape.elementCount).map { Float(($0 * 37 + seed * 11) % 41 - 20) / 8 }, shape: shape)
}

/// As `pattern`, but from 1/16 to 41/16.
public func positivePattern(_ shape: Shape, seed: Int = 0) -> Tensor {
  Tensor((0..<shape.elementCount).map { Float(($0 * 37 + seed * 11) % 41 + 1) / 16 }, shape: shape)
}

/// A tensor from numbers written with spaces and line breaks between them.
public func golden(_ shape: Shape, _ numbers: String, _ type: ElementType = .float32) -> Tensor {
  let values = numbers.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
  return Tensor(doubles: values, shape: shape, elementType: type)
}

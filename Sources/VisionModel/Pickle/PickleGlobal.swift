import VisionTensor

/// The names to which a checkpoint may refer; all others are rejected with an error that names them.
enum PickleGlobal: Equatable {
  case orderedDictionary
  case set
  /// `_codecs.encode`, which protocol 2 uses to write bytes.
  case encode
  case size
  case device
  case rebuildTensor
  case rebuildTensorV2
  case rebuildTensorV3
  case rebuildParameter
  /// A storage class; nil for untyped bytes.
  case storage(ElementType?)
  case type(ElementType)

  init?(module: String, name: String) {
    switch (module, name) {
    case ("collections", "OrderedDict"): self = .orderedDictionary
    case ("builtins", "set"), ("__builtin__", "set"): self = .set
    case ("_codecs", "encode"): self = .encode
    case ("torch", "Size"): self = .size
    case ("torch", "device"): self = .device
    case ("torch._utils", "_rebuild_tensor"): self = .rebuildTensor
    case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensorV2
    case ("torch._utils", "_rebuild_tensor_v3"): self = .rebuildTensorV3
    case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
    case ("torch.storage", "UntypedStorage"): self = .storage(nil)
    case ("torch", _):
      if let type = Self.storages[name] {
        self = .storage(type)
      } else if let type = ElementType(rawValue: name) {
        self = .type(type)
      } else {
        return nil
      }
    default: return nil
    }
  }

  private static let storages: [String: ElementType] = [
    "FloatStorage": .float32, "DoubleStorage": .float64, "HalfStorage": .float16,
    "BFloat16Storage": .bfloat16,
    "LongStorage": .int64, "IntStorage": .int32, "ShortStorage": .int16, "CharStorage": .int8,
    "ByteStorage": .uint8, "BoolStorage": .bool,
  ]
}

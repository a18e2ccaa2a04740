import VisionModel
import VisionNet

/// Tensors from bytes.
enum Tensors {
  static func safetensors(_ bytes: UnsafeRawBufferPointer) {
    guard let contents = try? SafeTensors.read(bytes: Array(bytes)) else { return }
    touch(contents.parameters)
    let metadata = Dictionary(contents.metadata.map { ($0.key, $0.value) }) { a, _ in a }
    let again = SafeTensors.bytes(contents.parameters, metadata: metadata)
    require((try? SafeTensors.read(bytes: again)) != nil, "what was written is read")
  }

  static func checkpoint(_ bytes: UnsafeRawBufferPointer) {
    guard let parameters = try? PyTorchCheckpoint.read(bytes: Array(bytes)) else { return }
    touch(parameters)
  }

  static func npy(_ bytes: UnsafeRawBufferPointer) {
    guard let tensor = try? NumPyArray.read(bytes: Array(bytes)) else { return }
    require((try? NumPyArray.read(bytes: NumPyArray.bytes(tensor))) != nil, "what was written is read")
  }

  /// Reads every byte, so that a range outside the file shows.
  private static func touch(_ parameters: Parameters) {
    var sum: UInt8 = 0
    for (_, tensor) in parameters {
      tensor.withUnsafeBytes { for byte in $0 { sum &+= byte } }
    }
    require(sum != 1 || sum == 1)
  }
}

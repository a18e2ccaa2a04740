import VisionSystem
import VisionTensor

extension ForeignFile {
  private static let conversion =
    "convert it with tf2onnx, or export it with Keras: model.export(\"model.onnx\", format=\"onnx\")"
  static let exportTorch =
    "load it into its network and write that with torch.onnx.export: a checkpoint holds weights without a network"
  static let exportAgain = "export the model as ONNX from the framework that it was trained in"
  private static let unpack = "unpack it, and give the model in it"
  private static let image = "give a model; images are what a model looks at"

  /// Whether it is an image, which the user may have meant for another argument.
  package var isImage: Bool { remedy == Self.image }

  /// Kinds identified by fixed bytes at or near the beginning.
  static func signature(_ bytes: ByteRange) -> ForeignFile? {
    image(bytes) ?? framework(bytes) ?? packed(bytes) ?? emptied(bytes)
  }

  private static func image(_ bytes: ByteRange) -> ForeignFile? {
    let kinds: [(String, Bool)] = [
      ("a JPEG", bytes.has([0xFF, 0xD8, 0xFF])), ("a PNG", bytes.has([0x89, 0x50, 0x4E, 0x47])),
      ("a GIF", bytes.has("GIF8")), ("a WebP image", bytes.has("RIFF") && bytes.has("WEBP", at: 8)),
      ("a TIFF", bytes.has([0x49, 0x49, 0x2A, 0]) || bytes.has([0x4D, 0x4D, 0, 0x2A])),
      (
        "a BMP",
        bytes.has("BM") && bytes.integer(2, as: UInt32.self).map { Int($0) == bytes.count } ?? false
      ),
      (
        "a HEIC or AVIF image",
        bytes.has("ftyp", at: 4)
          && ["heic", "heix", "heif", "mif1", "msf1", "avif", "avis", "hevc"].contains {
            bytes.has($0, at: 8)
          }
      ),
    ]
    if let kind = kinds.first(where: \.1) { return ForeignFile(kind.0, image) }
    if bytes.has("ftyp", at: 4) { return ForeignFile("a video", image) }
    return nil
  }

  private static func framework(_ bytes: ByteRange) -> ForeignFile? {
    if bytes.has([0x89] + Array("HDF\r\n".utf8)) {
      return ForeignFile("HDF5, as Keras writes it", conversion)
    }
    if bytes.has("TFL3", at: 4) {
      return ForeignFile(
        "a TensorFlow Lite model", "convert it: python -m tf2onnx.convert --tflite FILE --output model.onnx")
    }
    if bytes.has("ORTM", at: 4) {
      return ForeignFile("a model in ONNX Runtime's own format", "give the .onnx file that it was made from")
    }
    if bytes.has("ET12", at: 4) { return ForeignFile("an ExecuTorch program", exportAgain) }
    if bytes.has("GGUF") || bytes.has("lmgg") { return ForeignFile("a GGUF model", exportAgain) }
    if bytes.has([0x93] + Array("NUMPY".utf8)) {
      return ForeignFile(
        "a NumPy array", "give a model; arrays are what a model computes on", tensors: .npy)
    }
    // 0x1950a86a20f9469cfc6c as a pickle of protocol 2: checkpoints older than PyTorch 1.6 begin with it.
    if bytes.has([0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]) {
      return ForeignFile("a PyTorch checkpoint", exportTorch, tensors: .pytorch)
    }
    if bytes.has([0x80]), let version = bytes[1], (2...5).contains(version) {
      return ForeignFile(
        "a Python pickle", "\(exportAgain); a model of scikit-learn is converted by skl2onnx")
    }
    if isSafeTensors(bytes) { return ForeignFile("a safetensors file", exportTorch, tensors: .safetensors) }
    return nil
  }

  /// Whether the bytes begin with a plausible length, followed by JSON.
  private static func isSafeTensors(_ bytes: ByteRange) -> Bool {
    guard let length = bytes.integer(0, as: UInt64.self), length >= 2, length <= 100 << 20 else {
      return false
    }
    return bytes.has("{\"", at: 8) || (bytes.has("{", at: 8) && length < UInt64(bytes.count))
  }

  private static func packed(_ bytes: ByteRange) -> ForeignFile? {
    let kinds: [(String, Bool)] = [
      ("a gzip archive", bytes.has([0x1F, 0x8B])),
      ("a bzip2 archive", bytes.has("BZh") && bytes.has([0x31, 0x41, 0x59, 0x26], at: 4)),
      ("an xz archive", bytes.has([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0])),
      ("a zstd archive", bytes.has([0x28, 0xB5, 0x2F, 0xFD])),
      ("a 7z archive", bytes.has([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C])),
      ("a RAR archive", bytes.has("Rar!")), ("a tar archive", bytes.has("ustar", at: 257)),
    ]
    if let kind = kinds.first(where: \.1) { return ForeignFile(kind.0, unpack) }
    if bytes.has("%PDF-") { return ForeignFile("a PDF", "give a model") }
    if bytes.has([0x7F, 0x45, 0x4C, 0x46]) || (bytes.has("MZ") && bytes.count > 64) {
      return ForeignFile("a program", "give a model")
    }
    return nil
  }

  /// A file of zeros, as left by a download that reserved the length but received no bytes.
  private static func emptied(_ bytes: ByteRange) -> ForeignFile? {
    guard bytes.count > 0, bytes.withUnsafeBytes({ $0.allSatisfy { $0 == 0 } }) else { return nil }
    return ForeignFile(
      "\(bytes.count) zero bytes, as of a download that was broken off", "fetch the file again")
  }
}

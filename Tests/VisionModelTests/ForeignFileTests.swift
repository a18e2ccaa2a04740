import Foundation
import Testing

@testable import VisionModel

/// What is no ONNX model is named as what it is.
@Suite struct ForeignFileTests {
  private func refusal(_ bytes: [UInt8]) -> FormatError? {
    formatError { _ = try OnnxReader.read(bytes: bytes) }
  }

  private static func padded(_ bytes: [UInt8], to count: Int = 600) -> [UInt8] {
    bytes + (0..<max(0, count - bytes.count)).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
  }

  static let signatures: [(name: String, bytes: [UInt8])] = [
    ("a JPEG", padded([0xFF, 0xD8, 0xFF, 0xE0, 0, 16])),
    ("a PNG", padded([0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10])),
    ("a GIF", padded(Array("GIF89a".utf8))), ("a WebP image", padded(Array("RIFF1234WEBPVP8 ".utf8))),
    ("HDF5", padded([0x89] + Array("HDF\r\n\u{1a}\n".utf8))),
    ("a TensorFlow Lite model", padded([0x1C, 0, 0, 0] + Array("TFL3".utf8))),
    ("ONNX Runtime's own format", padded([0x1C, 0, 0, 0] + Array("ORTM".utf8))),
    ("a GGUF model", padded(Array("GGUF".utf8))),
    ("a NumPy array", padded([0x93] + Array("NUMPY".utf8) + [1, 0])),
    (
      "a PyTorch checkpoint",
      padded([0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19])
    ),
    ("a Python pickle", padded([0x80, 4, 0x95, 1])), ("a gzip archive", padded([0x1F, 0x8B, 8, 0])),
    ("a program", padded([0x7F, 0x45, 0x4C, 0x46, 2])), ("a PDF", padded(Array("%PDF-1.7\n".utf8))),
    ("600 zero bytes", [UInt8](repeating: 0, count: 600)),
    ("a safetensors file", [24, 0, 0, 0, 0, 0, 0, 0] + Array("{\"w\":{\"dtype\":\"F32\"}}   ".utf8)),
  ]

  @Test(arguments: signatures.indices) func kindsAreToldByTheirFirstBytes(_ index: Int) {
    let (name, bytes) = Self.signatures[index]
    let error = refusal(bytes)
    #expect(error?.kind == .foreign)
    #expect(error?.message.hasPrefix("not an ONNX model but ") == true)
    #expect(error?.message.contains(name) == true, "\(error?.message ?? "")")
    #expect(error?.remedy != nil)
  }

  @Test(arguments: [
    ("<!DOCTYPE html><html lang=\"en\"><head>", "a web page"), ("\n  <html>\n<body>404", "a web page"),
    ("<?xml version=\"1.0\"?>\n<net name=\"a\" version=\"11\"><layers>", "an OpenVINO network"),
    ("<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", "the error message of a server"),
    ("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 17\n", "a git-lfs pointer"),
    ("{\"error\":\"Repository not found\"}", "an error message"), ("{\"model_type\": \"resnet\"}", "JSON"),
    ("Entry not found", "text: 'Entry not found'"), ("404: Not Found", "text: '404: Not Found'"),
    ("ir_version: 8\ngraph {\n  node {\n", "an ONNX model as text"),
    ("name: \"net\"\nlayer {\n  type: \"Input\"\n", "a Caffe network"), ("\n\n\n", "a text of blanks alone"),
    ("données: non trouvé", "text: 'données: non trouvé'"),
  ]) func textIsRead(_ text: String, _ name: String) {
    let error = refusal(Array(text.utf8))
    #expect(error?.kind == .foreign)
    #expect(error?.message.contains(name) == true, "\(error?.message ?? "")")
    // As an editor of Windows writes it.
    let wide: [UInt8] =
      [0xFF, 0xFE]
      + text.utf16.flatMap { (unit: UInt16) -> [UInt8] in [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
    #expect(refusal(wide)?.message == error?.message)
    #expect(refusal([0xEF, 0xBB, 0xBF] + Array(text.utf8))?.message == error?.message)
  }

  @Test func longTextsAreShownByTheirFirstWords() {
    let message = refusal(Array(String(repeating: "ä", count: 10_000).utf8))?.message ?? ""
    #expect(message.contains("…"))
    #expect(message.count < 120)
    let escape = refusal(Array("\u{9B}31mred\u{202E}".utf8))?.message ?? ""
    #expect(!escape.unicodeScalars.contains { $0.value == 0x9B || $0.value == 0x202E })
  }

  @Test(arguments: [
    ("state.pth", "a PyTorch checkpoint"), ("state_legacy.pth", "a PyTorch checkpoint"),
    ("plain.safetensors", "a safetensors file"), ("archive.zip", "a zip archive"),
    ("version3.npy", "a NumPy array"),
  ])
  func realFilesAreNamed(_ file: String, _ name: String) throws {
    #expect(refusal(try Fixture.bytes(file))?.message == "not an ONNX model but \(name)")
    let error = formatError { _ = try OnnxReader.read(Fixture.path(file)) }
    #expect(error?.file == Fixture.path(file))
  }

  @Test func zipArchivesAreNamedByWhatIsInThem() {
    for (names, kind) in [
      (["a/data.pkl", "a/version"], "a PyTorch checkpoint"),
      (["a/data.pkl", "a/constants.pkl", "a/code/__torch__.py"], "a TorchScript model"),
      (["metadata.json", "config.json", "model.weights.h5"], "a Keras model"),
      (["w.npy", "b.npy"], "NumPy arrays"), (["models/net.onnx", "README"], "holds models/net.onnx"),
      (["p/archive_format", "p/models/model.json"], "torch.export"), (["x/saved_model.pb"], "SavedModel"),
    ] {
      let zip = StoredZip.bytes(names.map { ($0, Array("x".utf8)) })
      #expect(refusal(zip)?.message.contains(kind) == true, "\(kind): \(refusal(zip)?.message ?? "")")
      let cut = refusal(Array(zip.dropLast(30)))
      #expect(cut?.message.contains("cut off") == true)
      #expect(cut?.remedy?.contains("fetch the file again") == true)
    }
  }

  @Test func protobufOfOthersIsToldByItsFields() {
    var core = ProtobufWriter()
    core.int(1, 5)
    core.message(2) { $0.string(1, "description") }
    core.message(500) { $0.int(1, 1) }
    #expect(refusal(core.chunks.array)?.message.contains("a Core ML model") == true)
    var saved = ProtobufWriter()
    saved.int(1, 1)
    saved.message(2) { graph in
      graph.message(1) { info in
        info.string(4, "serve")
        info.string(5, "2.16.1")
      }
      graph.message(2) { _ in }
    }
    #expect(refusal(saved.chunks.array)?.message.contains("a TensorFlow SavedModel") == true)
    var frozen = ProtobufWriter()
    for name in ["input", "weights"] {
      frozen.message(1) {
        $0.string(1, name)
        $0.string(2, "Placeholder")
      }
    }
    frozen.message(4) { $0.int(1, 1087) }
    #expect(refusal(frozen.chunks.array)?.message.contains("a frozen TensorFlow graph") == true)
    var caffe = ProtobufWriter()
    caffe.string(1, "net")
    caffe.message(100) {
      $0.string(1, "conv1")
      $0.string(2, "Convolution")
    }
    #expect(refusal(caffe.chunks.array)?.message.contains("a Caffe model") == true)
    var tensor = ProtobufWriter()
    tensor.int(1, 1)
    tensor.int(2, 1)
    tensor.string(9, "abcd")
    #expect(refusal(tensor.chunks.array)?.message.contains("a tensor of ONNX") == true)
  }

  @Test func aModelThatIsCutOffIsSaidToBe() throws {
    for name in ["conv.onnx", "encodings.onnx"] {
      let bytes = try Fixture.bytes(name)
      for count in [3, 20, bytes.count / 2, bytes.count - 1] {
        let error = refusal(Array(bytes[..<count]))
        #expect(error?.kind == .truncated, "\(count) bytes of \(name): \(error.map { "\($0)" } ?? "")")
        #expect(error?.remedy?.contains("fetch") == true)
      }
    }
    #expect(refusal([])?.remedy == "fetch the file again")
  }

  @Test func noiseIsNoModel() {
    let error = refusal(Array("\u{1}\u{2}\u{3}nothing that anybody knows".utf8))
    #expect(error?.kind == .foreign)
    #expect(error?.message.contains("nor of another kind") == true)
  }

  @Test func foldersAreNamedWithWhatIsInThem() throws {
    try Fixture.withFolder { root in
      func error() -> FormatError? { formatError { _ = try OnnxReader.read(root) } }
      #expect(error()?.kind == .isDirectory)
      #expect(error()?.message == "is a folder, not an ONNX model")
      try Fixture.write([1], to: "\(root)/net.onnx")
      #expect(error()?.remedy == "give the path of a model in it: net.onnx")
      try Fixture.write([1], to: "\(root)/saved_model.pb")
      #expect(error()?.message.contains("a TensorFlow SavedModel") == true)
    }
    try Fixture.withFolder { root in
      try FileManager.default.createDirectory(atPath: "\(root)/Data", withIntermediateDirectories: false)
      try Fixture.write([1], to: "\(root)/Manifest.json")
      #expect(formatError { _ = try OnnxReader.read(root) }?.message.contains("Core ML package") == true)
    }
  }

  @Test func otherReadersSayItToo() throws {
    let pointer = Array("version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 17\n".utf8)
    for error in [
      formatError { _ = try PyTorchCheckpoint.read(bytes: pointer) },
      formatError { _ = try SafeTensors.read(bytes: pointer) },
      formatError { _ = try NumPyArray.read(bytes: pointer) },
    ] {
      #expect(error?.kind == .foreign)
      #expect(error?.remedy?.contains("git lfs pull") == true)
    }
    #expect(
      formatError { _ = try SafeTensors.read(bytes: Fixture.bytes("state.pth")) }?.message
        == "not a safetensors file but a PyTorch checkpoint")
  }

  @Test(arguments: ["plain.safetensors", "state.pth", "archive.zip"])
  func anyDamageIsNamedOrNot(_ name: String) throws {
    let bytes = try Fixture.bytes(name)
    _ = checkHostile(bytes, flips: 1000) { bytes in
      if let foreign = ForeignFile(ByteRange(bytes)) { throw foreign.error(wanted: "x") }
    }
  }
}

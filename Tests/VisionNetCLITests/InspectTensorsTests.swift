import Foundation
import Testing
import VisionModel
import VisionNet

/// `visionnet inspect` of files of tensors, and of files that are neither these nor models nor images.
@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct InspectTensorsTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func object(_ arguments: String...) throws -> [String: Any] {
    let result = try Tool.run(["inspect", "--format", "json"] + arguments)
    #expect(result.status == 0, "\(result.messages)")
    return try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
  }

  /// A file beside the tests of the readers.
  private func fixture(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("VisionModelTests/Fixtures/\(name)").path
  }

  private var parameters: Parameters {
    var parameters = Parameters()
    parameters["conv.weight"] = Tensor(repeating: Float(1), shape: [2, 3, 1, 1])
    parameters["steps"] = Tensor(scalar: Int64(7))
    return parameters
  }

  @Test(arguments: ["state.pth", "state_legacy.pth"]) func checkpointsOfBothForms(_ name: String) throws {
    let json = try object(fixture(name))
    #expect(json["kind"] as? String == "tensors")
    #expect(json["format"] as? String == "pytorch")
    let tensors = try #require(json["tensors"] as? [[String: Any]])
    #expect(tensors.count == 14)
    #expect(tensors[0]["name"] as? String == "weight")
    #expect(tensors[0]["shape"] as? [Int] == [3, 4])
    #expect(tensors[4]["type"] as? String == "float16")
    #expect(json["parameters"] as? Int == 12 + 12 + 8 + 3 + 2 + 2 + 1 + 2 + 2 + 2 + 0 + 1 + 2 + 3)
    let text = try Tool.run(["inspect", fixture(name)]).output
    for part in ["transposed", "4×3", "bfloat16", "tensors     14", "PyTorch checkpoint"] {
      #expect(text.contains(part), "\(part)")
    }
  }

  @Test func safetensorsWithTheirMetadata() throws {
    // The content decides, not the name.
    for name in ["a.safetensors", "a.bin"] {
      try SafeTensors.write(parameters, metadata: ["format": "pt"], to: folder.file(name))
      let json = try object(folder.file(name))
      #expect(json["format"] as? String == "safetensors")
      #expect(json["parameters"] as? Int == 7)
      #expect(json["bytes"] as? Int == 32)
      #expect((json["metadata"] as? [String: String]) == ["format": "pt"])
      #expect((json["tensors"] as? [[String: Any]])?.last?["shape"] as? [Int] == [])
    }
  }

  @Test func arraysOfNumPy() throws {
    try NumPyArray.write(Tensor([1, 2, 3] as [Int16], shape: [3, 1]), to: folder.file("a.npy"))
    let json = try object(folder.file("a.npy"))
    #expect(json["format"] as? String == "npy")
    let tensor = try #require((json["tensors"] as? [[String: Any]])?.first)
    #expect(tensor["type"] as? String == "int16")
    #expect(tensor["shape"] as? [Int] == [3, 1])
    #expect(json["bytes"] as? Int == 6)
  }

  @Test func whatCannotBeReadIsANamedError() throws {
    let classes = try Tool.run(["inspect", fixture("module.pth")])
    #expect(classes.status == 65)
    #expect(classes.messages.contains("torch.nn.modules.activation.ReLU"))
    let whole = try Data(contentsOf: URL(fileURLWithPath: fixture("state.pth")))
    try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: folder.file("cut.pt")))
    let cut = try Tool.run(["inspect", folder.file("cut.pt")])
    #expect(cut.status == 65)
    #expect(cut.messages.contains("cut off"))
    try folder.write(
      "version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 17\n", to: "w.safetensors")
    let pointer = try Tool.run(["inspect", folder.file("w.safetensors")])
    #expect(pointer.status == 65)
    #expect(pointer.messages.contains("git lfs pull"))
  }

  @Test func whatIsNoModelIsNamedWhereAModelIsWanted() throws {
    try ColorModel.writeImage(9, 9, 9, to: folder.file("dog.jpg"))
    try folder.write("<!DOCTYPE html><html><body>Sign in</body></html>", to: "model.onnx")
    for (model, words) in [
      ("dog.jpg", "not an ONNX model but a JPEG"), ("model.onnx", "but a web page"),
    ] {
      for command in [
        ["classify", "-m", folder.file(model), folder.file("dog.jpg")],
        ["quantize", folder.file(model), folder.path, "-o", folder.file("q.onnx")],
      ] {
        let result = try Tool.run(command)
        #expect(result.status == 65)
        #expect(result.messages.contains(words), "\(result.messages)")
      }
    }
    #expect(try Tool.run(["inspect", folder.file("model.onnx")]).messages.contains("a web page"))
    #expect(try Tool.run(["inspect", folder.file("dog.jpg")]).status == 0)
  }
}

import Foundation
import Testing
import VisionModel
import VisionNet

/// `run` and `inspect` of networks whose shapes follow from data.
@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct RunStagesTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try Data(StagedNetwork.nonZero).write(to: URL(fileURLWithPath: folder.file("nonzero.onnx")))
    try Data(StagedNetwork.last).write(to: URL(fileURLWithPath: folder.file("last.onnx")))
    try NumPyArray.write(Tensor([0, 3, 0, 5] as [Float]), to: folder.file("a.npy"))
    try NumPyArray.write(Tensor([7] as [Float]), to: folder.file("b.npy"))
  }

  private func run(_ model: String, _ inputs: [String], _ options: [String] = []) throws -> Tool.Result {
    let given = inputs.flatMap { ["--input", $0] }
    return try Tool.run(
      ["run", folder.file(model), "--force", "--output-dir", folder.file("out")] + given + options)
  }

  @Test(arguments: [[], ["--interpreter"], ["--threads", "1"]])
  func extentsFollowFromData(options: [String]) throws {
    let result = try run("nonzero.onnx", ["x=\(folder.file("a.npy"))"], options)
    #expect(result.status == 0, "\(result.messages)")
    let places = try NumPyArray.read(folder.file("out/y.npy"))
    #expect(places.shape == [1, 2])
    #expect(places.integers == [1, 3])
  }

  @Test func inputsAreNamed() throws {
    let missing = try run("nonzero.onnx", [])
    #expect(missing.status == 64)
    #expect(missing.messages.contains("'x'"))
    let twice = try run("nonzero.onnx", ["x=\(folder.file("a.npy"))", "x=\(folder.file("b.npy"))"])
    #expect(twice.status == 64)
    #expect(twice.messages.contains("given twice"))
    #expect(try run("nonzero.onnx", ["x="]).status == 64)
  }

  @Test func sequencesAreSeveralArrays() throws {
    let two = try run("last.onnx", ["list=\(folder.file("a.npy"))", "list=\(folder.file("b.npy"))"])
    #expect(two.status == 0, "\(two.messages)")
    #expect(try NumPyArray.read(folder.file("out/y.npy")).floats == [7])
    #expect(try NumPyArray.read(folder.file("out/all.0.npy")).floats == [0, 3, 0, 5])
    #expect(try NumPyArray.read(folder.file("out/all.1.npy")).floats == [7])
    let one = try run("last.onnx", ["list=\(folder.file("a.npy"))"])
    #expect(one.status == 0, "\(one.messages)")
    #expect(try run("last.onnx", ["list="]).status == 65)
    #expect(try run("last.onnx", []).status == 64)
  }

  @Test func inspectSaysWhereStagesEnd() throws {
    let text = try Tool.run(["inspect", folder.file("nonzero.onnx")])
    #expect(text.status == 0)
    #expect(text.output.contains("NonZero"))
    let json = try Tool.run(["inspect", folder.file("nonzero.onnx"), "--format", "json"])
    let schema = try JSONSchema.records()
    #expect(try schema.faults(of: JSONValue(json.output), as: "program").isEmpty)
    let list = try Tool.run(["inspect", folder.file("last.onnx"), "--format", "json"])
    #expect(try schema.faults(of: JSONValue(list.output), as: "program").isEmpty)
  }

  @Test func classifyingSaysThatShapesMustBeKnown() throws {
    let result = try Tool.run([
      "classify", "--offline", "-m", folder.file("nonzero.onnx"), folder.file("a.npy"),
    ])
    #expect(result.status == 65)
    #expect(result.messages.contains("not from data"))
  }
}

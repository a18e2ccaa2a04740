import Testing
import VisionGraph
import VisionTensor

@testable import VisionModel

@Suite struct PyTorchCheckpointTests {
  @Test(arguments: ["state.pth", "state_legacy.pth"])
  func readsBothForms(_ name: String) throws {
    let state = try PyTorchCheckpoint.read(Fixture.path(name))
    let base = (0..<12).map(Float.init)
    #expect(
      state.names == [
        "weight", "transposed", "rows", "column", "half", "brain", "double", "long", "byte", "bool", "empty",
        "scalar", "parameter", "expanded",
      ])
    #expect(state["weight"] == Tensor(base, shape: [3, 4]))
    #expect(
      state["transposed"] == Tensor([0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11].map(Float.init), shape: [4, 3]))
    #expect(state["rows"] == Tensor(Array(base[4...]), shape: [2, 4]))
    #expect(state["column"] == Tensor([Float(2), 6, 10]))
    #expect(state["half"]?.elementType == .float16)
    #expect(state["half"]?.doubles == [0.5, -2])
    #expect(state["brain"]?.elementType == .bfloat16)
    #expect(state["brain"]?.doubles == [1.5, -3])
    #expect(state["double"] == Tensor([0.1]))
    #expect(state["long"] == Tensor([Int64(-1), 1 << 40]))
    #expect(state["byte"] == Tensor([UInt8(0), 255]))
    #expect(state["bool"] == Tensor([true, false]))
    #expect(state["empty"]?.shape == [0, 3])
    #expect(state["scalar"] == Tensor(scalar: Float(3.5)))
    #expect(state["parameter"] == Tensor([Float(1), 1]))
    #expect(state["expanded"] == Tensor([Float(1), 1, 1]))
  }

  @Test func unwrapsTheStateDictionary() throws {
    #expect(try PyTorchCheckpoint.read(Fixture.path("wrapped.pth")).names == ["conv.weight"])
  }

  @Test func refusesClassesByName() {
    let error = formatError { _ = try PyTorchCheckpoint.read(Fixture.path("module.pth")) }
    #expect(error?.kind == .unsupported)
    #expect(error?.message.contains("torch.nn.modules.activation.ReLU") == true)
  }

  @Test(arguments: ["state.pth", "state_legacy.pth", "wrapped.pth"])
  func anyDamageGivesAValueOrAFormatError(_ name: String) throws {
    let refused = checkHostile(try Fixture.bytes(name), flips: 2000) { bytes in
      for (_, tensor) in try PyTorchCheckpoint.read(bytes: bytes) { _ = tensor.doubles }
    }
    #expect(refused > 1000)
  }

  @Test func otherFilesAreRefused() throws {
    #expect(formatError { _ = try PyTorchCheckpoint.read(bytes: []) } != nil)
    #expect(
      formatError { _ = try PyTorchCheckpoint.read(Fixture.path("archive.zip")) }?.message.contains(
        " but a zip archive") == true)
    #expect(formatError { _ = try PyTorchCheckpoint.read(Fixture.path("conv.onnx")) }?.kind == .corrupt)
  }
}

import Testing
import VisionGraph
import VisionTensor

@testable import VisionModel

@Suite struct OnnxReaderTests {
  @Test func readsGraphWeightsAndNames() throws {
    let model = try OnnxReader.read(Fixture.path("conv.onnx"))
    #expect(model.graph.nodes.map(\.name) == ["stem", "out"])
    #expect(model.parameters.names == ["weight", "bias"])
    #expect(model.parameters["weight"] == Tensor((0..<8).map { 0.5 * Float($0) - 3 }, shape: [2, 1, 2, 2]))
    #expect(model.graph.inputs.map { model.graph[$0].name } == ["image"])
    #expect(model.graph.outputs.map(\.name) == ["out"])
    #expect(model.metadata.map(\.key) == ["z", "a"])
    #expect(model.producer == "fixture 1")
    #expect(model.opset == 17)
    #expect(model.irVersion == 8)
    let image = Tensor((0..<9).map(Float.init), shape: [1, 1, 3, 3])
    let result = try Interpreter(model.graph, parameters: model.parameters).run(["image": image])
    // As ONNX Runtime computes it.
    #expect(result["out"]?.shape == [1, 2, 2, 2])
    #expect(result["out"]?.floats == [0, 0, 0, 0, 0.5, 0, 0, 0])
  }

  @Test func valuesHaveTheNamesThatViewersShow() throws {
    var file = OnnxBytes()
    file.node("Tanh", ["x"], ["/Tanh_output_0"], name: "/Tanh")
    file.node("Neg", ["/Tanh_output_0"], ["y"], name: "/Neg")
    let graph = try OnnxReader.read(bytes: file.bytes).graph
    let x = Tensor([0.5, -1] as [Float], shape: [1, 2])
    for name in ["/Tanh_output_0", "/Tanh"] {
      let results = try Interpreter(graph.exposing(name), parameters: Parameters()).run(["x": x])
      #expect(results[name]?.floats == results["y"]?.floats.map { -$0 })
      #expect(results[name]?.floats.first.map { abs($0 - 0.46211717) < 1e-6 } == true)
    }
    #expect(throws: GraphError.self) { try graph.exposing("/Tanh_output_1") }
  }

  @Test func readsExternalDataInTheModelsFolder() throws {
    let model = try OnnxReader.read(Fixture.path("external.onnx"))
    #expect(model.parameters["bias"] == Tensor([Float(1), -1]))
  }

  @Test func readsEveryEncodingOfTensors() throws {
    let model = try OnnxReader.read(Fixture.path("encodings.onnx"))
    let results = try Interpreter(model.graph, parameters: model.parameters).run([:])
    func values(_ name: String) -> [Double]? { results["\(name)_out"]?.doubles }
    for name in ["float", "double", "half", "brain", "raw_half"] {
      #expect(values(name) == [1.5, -2], "\(name)")
    }
    #expect(values("int8") == [-128, 127])
    #expect(values("int16") == [-32768, 5])
    #expect(values("int32") == [-5, 5])
    #expect(values("int64") == [-5, 0x1p40])
    #expect(values("uint8") == [0, 255])
    #expect(values("uint16") == [0, 65535])
    #expect(values("uint32") == [0, 4_294_967_295])
    #expect(values("uint64") == [0, 0x1p63])
    for name in ["bool", "raw_bool"] {
      #expect(results["\(name)_out"]?.values(as: Bool.self) == [true, false])
    }
    #expect(values("raw_int64") == [-5, 0x1p40])
  }

  @Test func floatsAreParametersAndEverythingElseIsConstant() throws {
    let model = try OnnxReader.read(Fixture.path("encodings.onnx"))
    #expect(model.parameters.names == ["float", "double", "half", "brain", "raw_half"])
  }

  @Test func sortsNodesThatStandInAnyOrder() throws {
    var file = OnnxBytes()
    file.node("Relu", ["b"], ["y"])
    file.node("Relu", ["a"], ["b"])
    file.node("Relu", ["x"], ["a"])
    let model = try OnnxReader.read(bytes: file.bytes)
    #expect(model.graph.nodes.map(\.name) == ["a", "b", "y"])
  }

  @Test func openAxesNeedAnExtent() throws {
    var file = OnnxBytes()
    file.inputs = [("x", [.unknown, .named("width"), .fixed(2)])]
    file.node("Relu", ["x"], ["y"])
    let error = formatError { _ = try OnnxReader.read(bytes: file.bytes) }
    #expect(error?.message.contains("'width'") == true)
    let named = try OnnxReader.read(bytes: file.bytes, dimensions: ["width": 5])
    #expect(named.graph.fact(named.graph.outputs[0].value).shape == [1, 5, 2])
    let shaped = try OnnxReader.read(bytes: file.bytes, inputShapes: ["x": [3, 4, 2]])
    #expect(shaped.graph.fact(shaped.graph.outputs[0].value).shape == [3, 4, 2])
    #expect(
      formatError { _ = try OnnxReader.read(bytes: file.bytes, inputShapes: ["x": [3, 4, 9]]) }?.kind
        == .network)
    #expect(
      formatError { _ = try OnnxReader.read(bytes: file.bytes, inputShapes: ["z": [1]]) }?.kind == .network)
  }

  /// Exporters write the same sign for every open axis, which does not make these equal.
  @Test func aSignNamesNoAxis() throws {
    var file = OnnxBytes()
    file.inputs = [("x", [.named("?"), .fixed(3), .named("?"), .named("?")])]
    file.node("Relu", ["x"], ["y"])
    let shape: Shape = [2, 3, 4, 5]
    let model = try OnnxReader.read(bytes: file.bytes, inputShapes: ["x": shape])
    #expect(model.graph.fact(model.graph.outputs[0].value).shape == shape)
  }

  @Test func namesAllThatIsNotSupportedAtOnce() {
    var file = OnnxBytes()
    file.node("Relu", ["x"], ["a"])
    file.node("Frobnicate", ["a"], ["b"])
    file.node("Frobnicate", ["b"], ["c"])
    file.node("Scaler", ["c"], ["y"], domain: "ai.onnx.ml")
    file.tensor("words", type: 8, dimensions: [1])
    let error = formatError { _ = try OnnxReader.read(bytes: file.bytes) }
    #expect(error?.kind == .unsupported)
    for name in [
      "Frobnicate (2×)", "ai.onnx.ml.Scaler (1×)", "type string (1×)",
    ] {
      #expect(error?.message.contains(name) == true, "\(name) in \(error?.message ?? "")")
    }
  }

  @Test func namesTheOperatorsInsideSubgraphs() {
    var inner = ProtobufWriter()
    inner.message(1) {
      $0.string(2, "z")
      $0.string(4, "Frobnicate")
    }
    let subgraph = String(decoding: inner.chunks.array, as: UTF8.self)
    var file = OnnxBytes()
    file.node(
      "If", ["x"], ["y"],
      attributes: [
        {
          $0.string(1, "then_branch")
          $0.string(6, subgraph)
          $0.int(20, 5)
        }
      ])
    let error = formatError { _ = try OnnxReader.read(bytes: file.bytes) }
    #expect(error?.message.contains("operator If") == false)
    #expect(error?.message.contains("operator Frobnicate (1×)") == true)
  }

  @Test func refusesOtherVersionsByNumber() {
    var file = OnnxBytes()
    file.node("Relu", ["x"], ["y"])
    file.opset = 6
    #expect(formatError { _ = try OnnxReader.read(bytes: file.bytes) }?.message.contains("opset 6") == true)
    file.opset = 99
    #expect(formatError { _ = try OnnxReader.read(bytes: file.bytes) }?.message.contains("7 to 24") == true)
    file.opset = 17
    file.irVersion = 99
    #expect(formatError { _ = try OnnxReader.read(bytes: file.bytes) }?.kind == .unsupported)
  }

  @Test func splitCutsIntoAllItsPartsWhoeverReadsThem() throws {
    for (names, wanted) in [(["y", "rest"], [1.0, 2]), (["y", ""], [1, 2]), (["", "y"], [3, 4])] {
      for opset in [13, 18] {
        var file = OnnxBytes()
        file.opset = opset
        file.inputs = [("x", [.fixed(4)])]
        let count: (inout ProtobufWriter) -> Void = { attribute in
          attribute.string(1, "num_outputs")
          attribute.int(3, 2)
          attribute.int(20, 2)
        }
        file.node("Split", ["x"], names, attributes: opset < 18 ? [] : [count])
        let model = try OnnxReader.read(bytes: file.bytes)
        let x = Tensor([1, 2, 3, 4] as [Float])
        let results = try Interpreter(model.graph, parameters: model.parameters).run(["x": x])
        #expect(results["y"]?.doubles == wanted, "\(names), opset \(opset)")
        let written = try Model(bytes: Model(graph: model.graph, parameters: model.parameters).bytes())
        let again = try Interpreter(written.graph, parameters: written.parameters).run(["x": x])
        #expect(again["y"]?.doubles == wanted, "\(names), opset \(opset), written anew")
      }
    }
  }

  @Test func outputsThatNobodyReadsNeedNotExist() throws {
    var file = OnnxBytes()
    file.node("Relu", ["x"], ["y", "other"])
    #expect(try OnnxReader.read(bytes: file.bytes).graph.nodes.count == 1)
    file.outputs = ["y", "other"]
    #expect(formatError { _ = try OnnxReader.read(bytes: file.bytes) }?.kind == .unsupported)
  }

  @Test(.enabled(if: Fixture.data != nil, "needs the folder of data sets"))
  func readsPublishedModels() throws {
    for (name, parameters, outputs) in [
      ("resnet20_cifar10", 97, ["logits"]), ("squeezenet1_1_caffe", 52, ["prob"]),
    ] {
      let model = try OnnxReader.read("\(Fixture.data ?? "")/models/\(name).onnx")
      #expect(model.parameters.count == parameters)
      #expect(model.graph.outputs.map(\.name) == outputs)
      let again = try OnnxReader.read(bytes: OnnxWriter.bytes(model.graph, parameters: model.parameters))
      #expect(again.parameters.names == model.parameters.names)
      #expect(again.parameters.allSatisfy { model.parameters[$0.name] == $0.tensor })
    }
  }
}

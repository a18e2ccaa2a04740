import Testing
import VisionTensor

@testable import VisionModel

@Suite struct KerasConfigurationTests {
  private func layer(_ kind: String, _ name: String, _ config: String = "", _ rest: String = "") -> String {
    let settings = config.isEmpty ? "" : ", \(config)"
    return "{\"class_name\": \"\(kind)\", \"config\": {\"name\": \"\(name)\"\(settings)}\(rest)}"
  }

  private func functional(_ layers: [String], outputs: String) throws(FormatError) -> KerasConfiguration {
    try KerasConfiguration(
      "{\"class_name\": \"Functional\", \"config\": {\"layers\": [\(layers.joined(separator: ", "))], "
        + "\"output_layers\": \(outputs)}}")
  }

  @Test func referencesOfBothVersionsAreRead() throws {
    let old = ", \"inbound_nodes\": [[[\"i\", 0, 0, {}], [\"j\", 0, 0, {}]]]"
    let tensor = { (name: String) in
      "{\"class_name\": \"__keras_tensor__\", \"config\": {\"shape\": [null, 4], \"keras_history\": [\"\(name)\", 0, 0]}}"
    }
    let new = ", \"inbound_nodes\": [{\"args\": [[\(tensor("i")), \(tensor("j"))]], \"kwargs\": {}}]"
    for (inbound, outputs) in [(old, "[[\"a\", 0, 0]]"), (new, "[\"a\", 0, 0]")] {
      let configuration = try functional(
        [
          layer("InputLayer", "i", "", ", \"inbound_nodes\": []"),
          layer("InputLayer", "j", "", ", \"inbound_nodes\": []"),
          layer("Add", "a", "\"trainable\": true", inbound),
        ], outputs: outputs)
      #expect(configuration.layers.map(\.inputs) == [[], [], ["i", "j"]])
      #expect(configuration.outputs == ["a"])
    }
  }

  @Test func aSequenceWithoutAnInputGetsOne() throws {
    let first = layer("Conv2D", "c", "\"batch_input_shape\": [null, 4, 5, 3]")
    let text = "{\"class_name\": \"Sequential\", \"config\": [\(first), \(layer("Flatten", "f"))]}"
    let configuration = try KerasConfiguration(text)
    #expect(configuration.layers.map(\.kind) == ["InputLayer", "Conv2D", "Flatten"])
    #expect(try configuration.layers[0].inputShape() == [4, 5, 3])
    #expect(configuration.layers.map(\.inputs) == [[], ["c_input"], ["c"]])
    #expect(configuration.outputs == ["f"])
  }

  @Test func whatIsNotUnderstoodIsRefused() throws {
    let twice = ", \"inbound_nodes\": [[[\"i\", 0, 0, {}]], [[\"i\", 0, 0, {}]]]"
    let second = ", \"inbound_nodes\": [[[\"i\", 0, 1, {}]]]"
    let strange = ", \"inbound_nodes\": [{\"args\": 3}]"
    for rest in [twice, second, strange] {
      let error = formatError { _ = try functional([layer("ReLU", "r", "", rest)], outputs: "[\"r\", 0, 0]") }
      #expect(error?.kind == .unsupported && error?.node == "r")
    }
    #expect(
      formatError { _ = try KerasConfiguration("{\"class_name\": \"Mine\", \"config\": {}}") }?.message
        .contains("Mine")
        == true)
    #expect(formatError { _ = try KerasConfiguration("{") }?.kind == .corrupt)
    #expect(formatError { _ = try KerasConfiguration("[]") }?.kind == .corrupt)
    #expect(
      formatError { _ = try functional([layer("ReLU", "r"), layer("ReLU", "r")], outputs: "[\"r\", 0, 0]") }?
        .kind
        == .corrupt)
  }

  @Test func settingsAreChecked() throws {
    let text = layer(
      "Conv2D", "c",
      "\"kernel_size\": [3, 3], \"strides\": 2, \"padding\": [[1, 2], [3, 4]], \"pool\": [1], \"flag\": 1, \"none\": null"
    )
    let config = try KerasConfiguration(
      "{\"class_name\": \"Sequential\", \"config\": [\(layer("InputLayer", "i")), \(text)]}")
    let found = config.layers[1]
    #expect(try found.pair("kernel_size") == [3, 3] && found.pair("strides") == [2, 2])
    #expect(
      try found.margins("padding") == [[1, 2], [3, 4]] && found.margins("strides") == [[2, 2], [2, 2]])
    #expect(try found.pair("none") == nil && found.int("absent") == nil)
    for error in [
      formatError { _ = try found.pair("pool") }, formatError { _ = try found.flag("flag") },
      formatError { _ = try found.int("padding") }, formatError { _ = try found.float("padding") },
    ] { #expect(error?.kind == .corrupt && error?.node == "c") }
    #expect(formatError { _ = try found.text("strides") }?.kind == .unsupported)
  }
}

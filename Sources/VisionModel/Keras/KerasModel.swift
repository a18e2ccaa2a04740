import VisionGraph
import VisionSystem
import VisionTensor

/// Keras models in HDF5 files (`model.save("model.h5")`), as models of our own.
enum KerasModel {
  /// The network with its weights. Images come as N×C×H×W. A softmax at the end gives the outputs `logits` and `probabilities`;
  /// other outputs have the names of their layers.
  ///
  /// - Throws: `FormatError`; layers that are not supported are listed together.
  static func model(_ file: HDF5File) throws(FormatError) -> Model {
    guard let text = try file.root.texts("model_config")?.first else {
      let isWeights = try file.root.texts("layer_names") != nil
      throw FormatError(
        .unsupported,
        isWeights ? "the file holds weights without a network" : "the HDF5 file holds no Keras model",
        remedy: isWeights
          ? "save the whole model: model.save(\"model.h5\")" : "give a file that Keras has saved")
    }
    guard let group = try file.object("model_weights") else {
      throw FormatError(.missing, "the file has no weights", node: "model_weights")
    }
    var version = try file.root.texts("keras_version")
    if version == nil { version = try group.texts("keras_version") }
    let configuration = try KerasConfiguration(text)
    var importer = KerasImporter(
      weights: try KerasWeights(group), isThird: version?.first?.hasPrefix("3") ?? false)
    try importer.translate(configuration)
    return Model(graph: importer.builder.graph, parameters: importer.parameters)
  }
}

import VisionSystem
import VisionTensor

/// The weights of a Keras model by layer.
struct KerasWeights {
  private let group: HDF5Object
  private let layers: [String: Int]

  /// - Parameter group: the group that has a group for each layer.
  init(_ group: HDF5Object) throws(FormatError) {
    self.group = group
    layers = try group.links()
  }

  /// The weights of a layer by the last part of their names, such as `kernel`; all as float32.
  func weights(of layer: String) throws(FormatError) -> [String: Tensor] {
    guard let address = layers[layer] else { return [:] }
    let object = try HDF5Object(group.file, at: address, name: "\(group.name)/\(layer)")
    var result: [String: Tensor] = [:]
    for name in try object.texts("weight_names") ?? [] {
      guard let data = try object.object(name) else {
        throw object.error(.missing, "has no data set '\(name)'")
      }
      let tensor = try data.tensor()
      guard tensor.elementType.isFloatingPoint else {
        throw data.error(
          .unsupported, "the weights are \(tensor.elementType.rawValue), not floating-point numbers")
      }
      let last = name.split(separator: "/").last.map(String.init) ?? name
      let key = last.split(separator: ":").first.map(String.init) ?? last
      guard result.updateValue(tensor.converted(to: .float32), forKey: key) == nil else {
        throw object.error(.unsupported, "has two weights called '\(key)'")
      }
    }
    return result
  }
}

import VisionServing

/// The JSON of an inference request. Members of the protocol that mean nothing here, such as `parameters`, may be there.
struct InferenceBody: Decodable {
  struct Input: Decodable {
    let name: String
    let shape: [Int]
    let datatype: String
    let data: TensorData
  }

  struct Output: Decodable {
    let name: String
  }

  let id: String?
  let inputs: [Input]
  let outputs: [Output]?

  /// - Throws: `parameter`.
  func tensors() throws(ServiceError) -> [ServedTensor] {
    guard inputs.count <= 16 else { throw ServiceError(.parameter, "there are more than 16 inputs") }
    for input in inputs where !["FP32", "UINT8"].contains(input.datatype) {
      throw ServiceError(
        .parameter, "the input '\(input.name)' is of type '\(input.datatype)'",
        remedy: "FP32 and UINT8 are taken")
    }
    return inputs.map { ServedTensor(name: $0.name, shape: $0.shape, numbers: $0.data.numbers) }
  }

  /// The outputs that are asked for; all where none is.
  ///
  /// - Throws: `parameter`.
  func chosen(of tensors: [ServedTensor]) throws(ServiceError) -> [ServedTensor] {
    guard let outputs, !outputs.isEmpty else { return tensors }
    var chosen: [ServedTensor] = []
    for output in outputs {
      guard let tensor = tensors.first(where: { $0.name == output.name }) else {
        let names = tensors.map(\.name).joined(separator: ", ")
        throw ServiceError(
          .parameter, "the network has no output '\(output.name)'", remedy: "there are \(names)")
      }
      chosen.append(tensor)
    }
    return chosen
  }
}

import NIOCore
import VisionServing

/// The JSON of an inference request. Members of the protocol that mean nothing here, such as other parameters, may be there.
struct InferenceBody: Decodable {
  struct Input: Decodable {
    struct Parameters: Decodable {
      let byteCount: Int?

      enum CodingKeys: String, CodingKey { case byteCount = "binary_data_size" }
    }

    let name: String
    let shape: [Int]
    let datatype: String
    let data: TensorData?
    let parameters: Parameters?
  }

  struct Output: Decodable {
    struct Parameters: Decodable {
      let isBinary: Bool?

      enum CodingKeys: String, CodingKey { case isBinary = "binary_data" }
    }

    let name: String
    let parameters: Parameters?
  }

  struct Parameters: Decodable {
    let isBinary: Bool?

    enum CodingKeys: String, CodingKey { case isBinary = "binary_data_output" }
  }

  let id: String?
  let inputs: [Input]
  let outputs: [Output]?
  let parameters: Parameters?

  /// - Parameter bytes: what follows the JSON.
  /// - Throws: `parameter`, and `malformed` where the bytes are not as many as the inputs say.
  func tensors(bytes: ByteBufferView) throws(ServiceError) -> [ServedTensor] {
    guard inputs.count <= 16 else { throw ServiceError(.parameter, "there are more than 16 inputs") }
    for input in inputs where !["FP32", "UINT8"].contains(input.datatype) {
      throw ServiceError(
        .parameter, "the input '\(input.name)' is of type '\(input.datatype)'",
        remedy: "FP32 and UINT8 are taken")
    }
    var rest = bytes
    var tensors: [ServedTensor] = []
    for input in inputs {
      let numbers = try Self.numbers(of: input, &rest)
      tensors.append(ServedTensor(name: input.name, shape: input.shape, numbers: numbers))
    }
    guard rest.isEmpty else {
      throw ServiceError(.malformed, "\(rest.count) bytes behind the JSON belong to no input")
    }
    return tensors
  }

  /// The numbers of an input, from its JSON or from the bytes, whose beginning is taken.
  private static func numbers(of input: Input, _ rest: inout ByteBufferView) throws(ServiceError) -> [Float] {
    switch (input.data, input.parameters?.byteCount) {
    case (let data?, nil): return data.numbers
    case (nil, let count?):
      guard (0...rest.count).contains(count) else {
        throw ServiceError(
          .malformed, "the input '\(input.name)' says \(count) bytes, and \(rest.count) are left",
          remedy: "the header Inference-Header-Content-Length says where they begin")
      }
      guard let numbers = BinaryTensors.numbers(rest.prefix(count), datatype: input.datatype) else {
        throw ServiceError(.parameter, "the input '\(input.name)' has \(count) bytes, and FP32 takes 4 each")
      }
      rest = rest.dropFirst(count)
      return numbers
    default:
      throw ServiceError(
        .malformed, "the input '\(input.name)' must have either data or binary_data_size")
    }
  }

  /// The outputs that are asked for; all where none is.
  ///
  /// - Throws: `parameter`.
  func chosen(of tensors: [ServedTensor]) throws(ServiceError) -> [ChosenOutput] {
    let isBinary = parameters?.isBinary ?? false
    guard let outputs, !outputs.isEmpty else {
      return tensors.map { ChosenOutput(tensor: $0, isBinary: isBinary) }
    }
    // Each takes memory, also where one is asked for again and again.
    guard outputs.count <= 64 else { throw ServiceError(.parameter, "there are more than 64 outputs") }
    var chosen: [ChosenOutput] = []
    for output in outputs {
      guard let tensor = tensors.first(where: { $0.name == output.name }) else {
        let names = tensors.map(\.name).joined(separator: ", ")
        throw ServiceError(
          .parameter, "the network has no output '\(output.name)'", remedy: "there are \(names)")
      }
      chosen.append(ChosenOutput(tensor: tensor, isBinary: output.parameters?.isBinary ?? isBinary))
    }
    return chosen
  }
}

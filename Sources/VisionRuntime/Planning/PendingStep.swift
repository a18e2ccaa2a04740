/// A step whose buffers have no place in memory yet.
struct PendingStep {
  /// The step without its locations and strides.
  let step: Plan.Step
  /// Operands, then outputs, then the buffers that it shares with the steps of normalizations.
  let buffers: [Int]
  /// Bytes that the reference operator may take while it runs.
  var referenceBytes = 0

  /// The step with its locations and strides.
  ///
  /// - Parameter isInParts: whether the step is run for each part of the batch.
  func placed(in table: BufferTable, _ offsets: [Int], isInParts: Bool) -> Plan.Step {
    var step = step
    step.locations = buffers.map { table.location(of: $0, offsets) }
    step.strides = buffers.map { isInParts ? table[$0].partStride : 0 }
    return step
  }
}

import VisionModel
import VisionTensor

/// The values of one run of a body, and those around it that its nodes may read.
final class ProgramScope {
  let body: ProgramBody
  private let parent: ProgramScope?
  private var values: [String: ProgramValue] = [:]
  /// Bytes of the values of this scope, counted once for each value.
  private(set) var byteCount = 0

  init(_ body: ProgramBody, in parent: ProgramScope?) {
    self.body = body
    self.parent = parent
  }

  /// Keeps a value if something reads it.
  func bind(_ name: String, _ value: ProgramValue) {
    guard !name.isEmpty, body.lastUse[name] != nil else { return }
    drop(name)
    values[name] = value
    byteCount += value.byteCount
  }

  func drop(_ name: String) {
    if let old = values.removeValue(forKey: name) { byteCount -= old.byteCount }
  }

  /// The value of a name, here or around; nil where there is none.
  func value(_ name: String) -> ProgramValue? {
    if let value = values[name] { return value }
    if let weight = body.initializers[name] { return .tensor(weight) }
    return parent?.value(name)
  }

  /// The same as a stage asks for it.
  func source(_ name: String) -> StageDraft.Source? {
    switch values[name] {
    case .tensor(let tensor)?: return .tensor(tensor)
    case .sequence?, .absent?: return .other
    case nil: break
    }
    if let weight = body.initializers[name] { return .weight(weight) }
    return parent?.source(name)
  }

  /// Bytes of the values here and around.
  var totalByteCount: Int { byteCount + (parent?.totalByteCount ?? 0) }
}

import VisionSystem
import VisionTensor

/// Runs a pickle of protocol 2 to 5 that may create only plain data and tensors.
///
/// Names outside `PickleGlobal`, and all instructions that could call or change anything else, are rejected
/// with an error that names them.
///
/// Source: the comments of CPython's pickletools.
final class Unpickler {
  private var bytes: PickleBytes
  /// The byte after the last one read.
  var position: Int { bytes.position }
  private var stack: [PickleValue] = []
  /// The heights of the stack at the open marks.
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]
  /// The number of items copied by calls; bounded, because items of a real checkpoint are in the file itself.
  private var copied = 0
  /// All containers, so that long chains and cycles can be released without recursion.
  private var containers: [PickleContainer] = []

  /// The element size in bytes of each storage that the pickle refers to.
  private(set) var storageUnits: [String: Int] = [:]

  init(_ bytes: ByteRange, at position: Int = 0) {
    self.bytes = PickleBytes(bytes, at: position)
  }

  deinit { for container in containers { container.items = [] } }

  /// The object that the pickle describes; it is valid only as long as this unpickler exists.
  func run() throws(FormatError) -> PickleValue {
    while true {
      let start = position
      let code = try bytes.byte()
      if code == 0x2E {  // STOP
        guard marks.isEmpty, stack.count == 1 else {
          throw error(.corrupt, "the pickle leaves the wrong things", start)
        }
        return stack[0]
      }
      if try plain(code) { continue }
      if try container(code, start) { continue }
      if try reference(code, start) { continue }
      throw error(.unsupported, PickleBytes.refusal(of: code), start)
    }
  }

  // MARK: Numbers, text

  private func plain(_ code: UInt8) throws(FormatError) -> Bool {
    switch code {
    case 0x80:  // PROTO
      let version = try bytes.byte()
      guard (2...5).contains(version) else {
        throw error(.unsupported, "pickle protocol \(version) is not supported", position - 1)
      }
    case 0x95: _ = try bytes.take(8)  // FRAME
    case 0x4E: stack.append(.none)  // NONE
    case 0x88: stack.append(.bool(true))  // NEWTRUE
    case 0x89: stack.append(.bool(false))  // NEWFALSE
    case 0x4A: stack.append(.int(Int(try bytes.number(Int32.self))))  // BININT
    case 0x4B: stack.append(.int(Int(try bytes.number(UInt8.self))))  // BININT1
    case 0x4D: stack.append(.int(Int(try bytes.number(UInt16.self))))  // BININT2
    case 0x8A: stack.append(.integer(try bytes.take(Int(bytes.number(UInt8.self))).array))  // LONG1
    case 0x8B: stack.append(.integer(try bytes.take(bytes.count(Int32.self)).array))  // LONG4
    case 0x47:  // BINFLOAT, big-endian
      stack.append(.float(Double(bitPattern: try bytes.number(UInt64.self).byteSwapped)))
    case 0x58: stack.append(.string(try bytes.text(bytes.count(UInt32.self))))  // BINUNICODE
    case 0x8C: stack.append(.string(try bytes.text(bytes.count(UInt8.self))))  // SHORT_BINUNICODE
    case 0x8D: stack.append(.string(try bytes.text(bytes.count(UInt64.self))))  // BINUNICODE8
    case 0x54: stack.append(.string(try bytes.text(bytes.count(Int32.self))))  // BINSTRING
    case 0x55: stack.append(.string(try bytes.text(bytes.count(UInt8.self))))  // SHORT_BINSTRING
    case 0x42: stack.append(.bytes(try bytes.take(bytes.count(UInt32.self)).array))  // BINBYTES
    case 0x43: stack.append(.bytes(try bytes.take(bytes.count(UInt8.self)).array))  // SHORT_BINBYTES
    case 0x8E, 0x96:  // BINBYTES8, BYTEARRAY8
      stack.append(.bytes(try bytes.take(bytes.count(UInt64.self)).array))
    default: return false
    }
    return true
  }

  // MARK: Containers

  private func container(_ code: UInt8, _ start: Int) throws(FormatError) -> Bool {
    switch code {
    case 0x28: marks.append(stack.count)  // MARK
    case 0x30: _ = try pop()  // POP
    case 0x31: _ = try popToMark()  // POP_MARK
    case 0x32: stack.append(try top())  // DUP
    case 0x29: push(.tuple, [])  // EMPTY_TUPLE
    case 0x85: push(.tuple, [try pop()])  // TUPLE1
    case 0x86, 0x87:  // TUPLE2, TUPLE3
      var items: [PickleValue] = []
      for _ in 0..<(code == 0x86 ? 2 : 3) { items.insert(try pop(), at: 0) }
      push(.tuple, items)
    case 0x74: push(.tuple, try popToMark())  // TUPLE
    case 0x5D: push(.list, [])  // EMPTY_LIST
    case 0x6C: push(.list, try popToMark())  // LIST
    case 0x61:  // APPEND
      let item = try pop()
      try target(.list, start).items.append(item)
    case 0x65:  // APPENDS
      let items = try popToMark()
      try target(.list, start).items += items
    case 0x7D: push(.dictionary, [])  // EMPTY_DICT
    case 0x64: push(.dictionary, try pairs(popToMark(), start))  // DICT
    case 0x73:  // SETITEM
      let value = try pop()
      let key = try pop()
      try target(.dictionary, start).items += [key, value]
    case 0x75:  // SETITEMS
      let items = try pairs(popToMark(), start)
      try target(.dictionary, start).items += items
    case 0x8F: push(.set, [])  // EMPTY_SET
    case 0x90:  // ADDITEMS
      let items = try popToMark()
      try target(.set, start).items += items
    case 0x91: push(.set, try popToMark())  // FROZENSET
    default: return false
    }
    return true
  }

  /// Limits the items copied by calls to the size of the file, because a pickle can copy one list many times.
  private func copy(_ count: Int, _ start: Int) throws(FormatError) {
    copied += count
    guard copied <= bytes.range.count else {
      throw error(.tooLarge, "the pickle multiplies its contents", start)
    }
  }

  private func push(_ kind: PickleContainer.Kind, _ items: [PickleValue]) {
    let container = PickleContainer(kind, items)
    containers.append(container)
    stack.append(.container(container))
  }

  private func pairs(_ items: [PickleValue], _ start: Int) throws(FormatError) -> [PickleValue] {
    guard items.count % 2 == 0 else { throw error(.corrupt, "a key has no value", start) }
    return items
  }

  private func target(_ kind: PickleContainer.Kind, _ start: Int) throws(FormatError) -> PickleContainer {
    guard case .container(let container) = try top(), container.kind == kind else {
      throw error(.corrupt, "items are added to what is no \(kind)", start)
    }
    return container
  }

  // MARK: References and calls

  private func reference(_ code: UInt8, _ start: Int) throws(FormatError) -> Bool {
    switch code {
    case 0x68: stack.append(try recall(bytes.count(UInt8.self), start))  // BINGET
    case 0x6A: stack.append(try recall(bytes.count(UInt32.self), start))  // LONG_BINGET
    case 0x71: memo[try bytes.count(UInt8.self)] = try top()  // BINPUT
    case 0x72: memo[try bytes.count(UInt32.self)] = try top()  // LONG_BINPUT
    case 0x94: memo[memo.count] = try top()  // MEMOIZE
    case 0x63: stack.append(.global(try global(bytes.line(), bytes.line(), start)))  // GLOBAL
    case 0x93:  // STACK_GLOBAL
      let name = try pop()
      guard let name = name.string, let module = try pop().string else {
        throw error(.corrupt, "a name is no text", start)
      }
      stack.append(.global(try global(module, name, start)))
    case 0x69:  // INST
      let (module, name) = (try bytes.line(), try bytes.line())
      throw refused("\(module).\(name)", start)
    case 0x52, 0x81:  // REDUCE, NEWOBJ
      let arguments = try pop()
      guard case .global(let function) = try pop(), let arguments = arguments.items else {
        throw error(.unsupported, "the checkpoint calls something that is no known function", start)
      }
      guard code == 0x52 || function == .orderedDictionary else {
        throw error(.unsupported, "the checkpoint makes an object of \(function)", start)
      }
      try call(function, arguments, start)
    case 0x62:  // BUILD
      _ = try pop()
      // State dictionaries also have attributes, which are not needed.
      _ = try target(.dictionary, start)
    case 0x51: stack.append(.storage(try storage(pop(), start)))  // BINPERSID
    default: return false
    }
    return true
  }

  private func global(_ module: String, _ name: String, _ start: Int) throws(FormatError) -> PickleGlobal {
    guard let global = PickleGlobal(module: module, name: name) else {
      throw refused("\(module).\(name)", start)
    }
    return global
  }

  private func refused(_ name: String, _ start: Int) -> FormatError {
    bytes.range.error(
      .unsupported, "the checkpoint refers to \(name), which is refused", at: start,
      remedy: "only tensors and plain containers are read; save the model's state_dict")
  }

  private func call(_ function: PickleGlobal, _ arguments: [PickleValue], _ start: Int) throws(FormatError) {
    try copy(arguments.first?.items?.count ?? arguments.first?.string?.utf8.count ?? 0, start)
    switch function {
    case .orderedDictionary:
      let pairs = arguments.first?.items ?? []
      let items = pairs.compactMap(\.items)
      guard arguments.count <= 1, items.count == pairs.count, items.allSatisfy({ $0.count == 2 }) else {
        throw error(.corrupt, "OrderedDict has the wrong arguments", start)
      }
      push(.dictionary, items.flatMap { $0 })
    case .set: push(.set, arguments.first?.items ?? [])
    case .encode:
      guard let text = arguments.first?.string, text.unicodeScalars.allSatisfy({ $0.value < 256 }) else {
        throw error(.corrupt, "bytes are written wrongly", start)
      }
      stack.append(.bytes(text.unicodeScalars.map { UInt8($0.value) }))
    case .size: push(.tuple, arguments.first?.items ?? [])
    case .device: stack.append(arguments.first ?? .none)
    case .rebuildTensor, .rebuildTensorV2, .rebuildTensorV3:
      stack.append(.tensor(try tensor(function, arguments, start)))
    case .rebuildParameter:
      guard case .tensor? = arguments.first else { throw error(.corrupt, "a parameter is no tensor", start) }
      stack.append(arguments[0])
    case .storage, .type: throw error(.unsupported, "the checkpoint calls a type", start)
    }
  }

  private func tensor(_ function: PickleGlobal, _ arguments: [PickleValue], _ start: Int) throws(FormatError)
    -> TorchTensor
  {
    guard arguments.count >= 4, case .storage(let storage) = arguments[0], let offset = arguments[1].int,
      arguments[2...3].allSatisfy({ ($0.items?.count ?? 0) <= TensorLimits.rank }),
      let shape = arguments[2].integers, let strides = arguments[3].integers
    else { throw error(.corrupt, "a tensor has the wrong arguments", start) }
    var type = storage.type
    if function == .rebuildTensorV3, arguments.count > 6, case .global(.type(let given)) = arguments[6] {
      type = given
    }
    guard let type else { throw error(.unsupported, "a tensor of untyped bytes", start) }
    return TorchTensor(storage: storage, type: type, offset: offset, shape: shape, strides: strides)
  }

  private func storage(_ value: PickleValue, _ start: Int) throws(FormatError) -> TorchStorage {
    guard let items = value.items, items.count >= 5, items[0].string == "storage",
      case .global(.storage(let type)) = items[1], let key = items[2].string, let count = items[4].int,
      count >= 0, !count.multipliedReportingOverflow(by: type?.byteCount ?? 1).overflow
    else { throw error(.corrupt, "a reference to data outside the pickle is no storage", start) }
    var view = 0..<count
    if items.count > 5, let part = items[5].items {
      guard part.count == 3, let offset = part[1].int, let size = part[2].int, offset >= 0, size >= 0,
        offset <= count, size <= count - offset
      else { throw error(.corrupt, "a view reaches beyond its storage", start) }
      view = offset..<(offset + size)
    }
    let storage = TorchStorage(key: key, type: type, count: count, view: view)
    guard storageUnits.updateValue(storage.unit, forKey: key) ?? storage.unit == storage.unit else {
      throw error(.corrupt, "the storage '\(key)' has two types", start)
    }
    return storage
  }

  // MARK: Stack and bytes

  private func top() throws(FormatError) -> PickleValue {
    guard stack.count > marks.last ?? 0, let value = stack.last else {
      throw error(.corrupt, "the pickle takes what is not there", position)
    }
    return value
  }

  private func pop() throws(FormatError) -> PickleValue {
    let value = try top()
    stack.removeLast()
    return value
  }

  private func popToMark() throws(FormatError) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw error(.corrupt, "the pickle lacks a mark", position) }
    let items = Array(stack[mark...])
    stack.removeSubrange(mark...)
    return items
  }

  private func recall(_ index: Int, _ start: Int) throws(FormatError) -> PickleValue {
    guard let value = memo[index] else {
      throw error(.corrupt, "the pickle remembers nothing as \(index)", start)
    }
    return value
  }

  private func error(_ kind: FormatError.Kind, _ message: String, _ index: Int) -> FormatError {
    bytes.range.error(kind, message, at: index)
  }
}

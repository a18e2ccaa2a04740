extension ChannelOrder {
  /// Names in files of earlier versions, and the current names.
  static let formerNames = ["grey": "gray"]
}

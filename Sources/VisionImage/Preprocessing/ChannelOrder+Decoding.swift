extension ChannelOrder {
  /// What files of earlier versions call an order, and what it is called now.
  static let formerNames = ["grey": "gray"]
}

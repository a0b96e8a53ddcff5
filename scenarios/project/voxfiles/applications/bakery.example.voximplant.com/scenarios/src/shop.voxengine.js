// What the scenarios of both rules know about the shop.

const SHOP_NUMBER = 'YOUR_RENTED_NUMBER';
const SHOP_NAME = 'the bakery Bread and Butter';
